ALTER TABLE app.orders ALTER COLUMN note TYPE text USING tableoid::regclass::text;
