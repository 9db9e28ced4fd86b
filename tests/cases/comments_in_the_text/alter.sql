/* A comment; with a semicolon, and ALTER TABLE other. */
ALTER TABLE "app"."orders" -- another; one
  ADD COLUMN quoted text DEFAULT 'it''s; ALTER TABLE app.x', ADD COLUMN body text DEFAULT $x$a;b$x$;
;
