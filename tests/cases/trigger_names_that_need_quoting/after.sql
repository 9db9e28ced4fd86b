INSERT INTO "My App"."user" VALUES (1000, 'v', 1);
UPDATE "My App"."user" SET "from ""here""" = 'w' WHERE "select" IN (3, 4);
