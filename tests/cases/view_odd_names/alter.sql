ALTER TABLE "My App"."user" RENAME "Δ.x" TO "a\b";
ALTER TABLE "My App"."user" ADD COLUMN "Δ.x" text, ALTER COLUMN "select" SET DEFAULT 1;
