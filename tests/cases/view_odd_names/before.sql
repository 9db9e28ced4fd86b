-- table: "My App"."user"
CREATE SCHEMA "My App";
CREATE TABLE "My App"."user" ("select" integer PRIMARY KEY, "a ""b""" text, "from" integer, "Δ.x" integer, "user" text);
INSERT INTO "My App"."user" SELECT i, 'a' || i, i % 10, i, 'u' FROM generate_series(1, 300) AS i;
CREATE SCHEMA "order";
CREATE VIEW "order"."group by" ("where", "having;--", "Δ.x") AS SELECT "select", "a ""b""", "Δ.x" FROM "My App"."user" "table" WHERE "from" < 5;
CREATE VIEW "My App"."a.b" AS SELECT "user"."user", "user"."select" AS "$1" FROM "My App"."user";
COMMENT ON COLUMN "order"."group by"."having;--" IS 'odd; \ one';
GRANT SELECT ("where") ON "order"."group by" TO app_reader;
