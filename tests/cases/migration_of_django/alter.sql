ALTER TABLE "app"."orders" ADD COLUMN "shop_id" integer DEFAULT 3 NULL CONSTRAINT "orders_shop_id_fk_shops_id" REFERENCES "app"."shops"("id") DEFERRABLE INITIALLY DEFERRED;
SET CONSTRAINTS "app"."orders_shop_id_fk_shops_id" IMMEDIATE;
BEGIN;
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout TO '1min';
ALTER TABLE "app"."orders" ALTER COLUMN "email" TYPE text;
COMMENT ON COLUMN "app"."orders"."shop_id" IS 'where it was sold';
COMMIT;
