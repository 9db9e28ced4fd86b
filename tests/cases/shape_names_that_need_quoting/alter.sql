ALTER TABLE "Odd ""Schema"""."select" ALTER COLUMN "from" TYPE bigint, DROP COLUMN "per%cent", ADD COLUMN "new ""one""" text DEFAULT 'it''s',
  ALTER COLUMN "it's" TYPE text USING '"' || "it's" || '"', ALTER COLUMN "dollar$1" SET NOT NULL
