ALTER TABLE app.orders ALTER COLUMN amount TYPE integer USING current_date - placed::date;
