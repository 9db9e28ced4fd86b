-- table: "Odd ""Schema"""."select"
CREATE SCHEMA "Odd ""Schema""";
CREATE TABLE "Odd ""Schema"""."select" (
  "from" integer CONSTRAINT "primary key" PRIMARY KEY,
  "Mixed Case" text DEFAULT 'x',
  "it's" integer,
  "per%cent" integer,
  "back\slash" text,
  "dollar$1" integer,
  "naïve ☃" integer
);
CREATE INDEX "index ""i""" ON "Odd ""Schema"""."select" ("Mixed Case", "it's");
COMMENT ON COLUMN "Odd ""Schema"""."select"."it's" IS 'it''s a \ comment';
INSERT INTO "Odd ""Schema"""."select" SELECT i, 'v''' || i, i, i, 'a\b', i, i FROM generate_series(1, 300) AS i;
