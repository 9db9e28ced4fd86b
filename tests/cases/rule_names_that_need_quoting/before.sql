-- table: "My App"."user"
CREATE SCHEMA "My App";
CREATE TABLE "My App"."user" ("select" integer PRIMARY KEY, "from ""here""" text, n integer);
INSERT INTO "My App"."user" SELECT i, 'v', i FROM generate_series(1, 300) AS i;
CREATE TABLE "My App".log (what text);
CREATE RULE "a.b ""c""" AS ON UPDATE TO "My App"."user" WHERE OLD."select" = 5 DO ALSO INSERT INTO "My App".log VALUES (NEW."from ""here""" || 'Δ');
COMMENT ON RULE "a.b ""c""" ON "My App"."user" IS 'odd';
