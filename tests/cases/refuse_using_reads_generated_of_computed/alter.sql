ALTER TABLE app.orders ADD COLUMN n serial;
ALTER TABLE app.orders ADD COLUMN g integer GENERATED ALWAYS AS (n * 2) STORED;
ALTER TABLE app.orders ALTER COLUMN note TYPE text USING g::text;
