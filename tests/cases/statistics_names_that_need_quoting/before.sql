-- table: "My App"."user"
CREATE SCHEMA "My App";
CREATE TABLE "My App"."user" ("select" integer PRIMARY KEY, "from ""here""" text, n integer);
INSERT INTO "My App"."user" SELECT i, 'v', i FROM generate_series(1, 300) AS i;
CREATE STATISTICS "My App"."a.b ""c""" ON "select", upper("from ""here""") FROM "My App"."user";
COMMENT ON STATISTICS "My App"."a.b ""c""" IS 'odd';
