ALTER TABLE app.orders ADD COLUMN r uuid DEFAULT gen_random_uuid();
ALTER TABLE app.orders ALTER COLUMN note TYPE text USING r::text;
