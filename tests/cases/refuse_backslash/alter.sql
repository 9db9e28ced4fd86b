ALTER TABLE app.orders ADD COLUMN path text DEFAULT 'c:\\temp';
