ALTER TABLE app.orders
  ADD COLUMN a integer DEFAULT 1,
  DROP COLUMN note,
  ALTER COLUMN customer TYPE bigint,
  ALTER COLUMN email SET NOT NULL,
  ALTER COLUMN state DROP NOT NULL,
  ADD CONSTRAINT orders_amount_positive CHECK (amount > 0),
  ADD CONSTRAINT orders_email_unique UNIQUE (email);
