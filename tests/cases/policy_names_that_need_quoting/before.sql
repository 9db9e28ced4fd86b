-- table: "My App"."user"
CREATE SCHEMA "My App";
CREATE TABLE "My App"."user" ("select" integer PRIMARY KEY, "from ""here""" text, n integer);
INSERT INTO "My App"."user" SELECT i, 'v' || i % 3, i FROM generate_series(1, 300) AS i;
ALTER TABLE "My App"."user" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "for all" ON "My App"."user" USING ("from ""here""" = 'v1') WITH CHECK ("user"."select" > 0);
CREATE POLICY "a.b ""c""; --" ON "My App"."user" AS RESTRICTIVE FOR DELETE TO app_reader, CURRENT_USER USING ("from ""here""" <> 'Δ');
COMMENT ON POLICY "a.b ""c""; --" ON "My App"."user" IS 'odd';
