CREATE TABLE "My App".seen AS SELECT count(*), max("having;--"), sum("Δ.x") FROM "order"."group by";
INSERT INTO "My App"."a.b" VALUES ('new', 5000);
