-- table: "My App"."user"
CREATE SCHEMA "My App";
CREATE TABLE "My App"."Group" ("ID" integer PRIMARY KEY);
INSERT INTO "My App"."Group" SELECT i FROM generate_series(0, 9) AS i;
CREATE TABLE "My App"."user" ("select" integer PRIMARY KEY, "from ""here""" integer, v text,
  CONSTRAINT "is it?" FOREIGN KEY ("from ""here""") REFERENCES "My App"."Group" ON DELETE CASCADE);
INSERT INTO "My App"."user" SELECT i, i % 10, 'v' FROM generate_series(1, 300) AS i;
CREATE TABLE "My App"."select" ("order" integer CONSTRAINT "a.b" REFERENCES "My App"."user", "Δ" integer REFERENCES "My App"."user");
INSERT INTO "My App"."select" SELECT i, i FROM generate_series(1, 50) AS i WHERE i % 10 > 0;
COMMENT ON CONSTRAINT "a.b" ON "My App"."select" IS 'odd';
