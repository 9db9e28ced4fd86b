ALTER TABLE app.orders ADD COLUMN step text DEFAULT 'one';
ALTER TABLE app.orders ALTER COLUMN step SET DEFAULT 'two';
ALTER TABLE app.orders RENAME COLUMN step TO stage;
ALTER TABLE app.orders ALTER COLUMN note TYPE varchar(80) USING stage || '/' || note || '/' || customer;
ALTER TABLE app.orders DROP COLUMN customer;
ALTER TABLE app.orders ADD COLUMN customer text DEFAULT 'nobody';
ALTER TABLE app.orders ALTER COLUMN id TYPE bigint, ALTER COLUMN stage SET NOT NULL;
