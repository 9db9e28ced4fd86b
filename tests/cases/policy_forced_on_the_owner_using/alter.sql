ALTER TABLE app.orders ALTER COLUMN state TYPE text USING upper(state), ALTER COLUMN row_then TYPE text USING orders::text;
ALTER TABLE app.orders ALTER COLUMN total TYPE text USING total || tenant, ADD COLUMN more integer DEFAULT 7;
