-- table: "My App"."user"
CREATE SCHEMA "My App";
CREATE TABLE "My App"."user" ("select" integer PRIMARY KEY, "from ""here""" text, n integer);
INSERT INTO "My App"."user" SELECT i, 'v', i FROM generate_series(1, 300) AS i;
CREATE TABLE "My App".log (what text);
CREATE FUNCTION "My App"."Do It"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO "My App".log VALUES (TG_NAME || TG_ARGV::text); RETURN NEW; END $$;
CREATE TRIGGER "when" BEFORE UPDATE OF "from ""here""" ON "My App"."user" FOR EACH ROW WHEN (OLD."select" <> 3) EXECUTE FUNCTION "My App"."Do It"('a', 'Δ', '$$');
CREATE TRIGGER "a.b ""c"" d" AFTER INSERT ON "My App"."user" FOR EACH ROW EXECUTE FUNCTION "My App"."Do It"();
COMMENT ON TRIGGER "a.b ""c"" d" ON "My App"."user" IS 'odd';
ALTER TABLE "My App"."user" ENABLE ALWAYS TRIGGER "a.b ""c"" d";
