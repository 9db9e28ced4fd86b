ALTER TABLE app.orders RENAME note TO "select";
ALTER TABLE app.orders RENAME payload TO note;
ALTER TABLE app.orders ALTER COLUMN number TYPE bigint;
