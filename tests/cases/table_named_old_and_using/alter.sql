ALTER TABLE app.old ALTER COLUMN a TYPE integer USING a::integer + 1;
