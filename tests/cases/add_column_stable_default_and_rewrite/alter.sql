ALTER TABLE app.orders ADD COLUMN day date NOT NULL DEFAULT current_date, ALTER COLUMN customer TYPE bigint;
