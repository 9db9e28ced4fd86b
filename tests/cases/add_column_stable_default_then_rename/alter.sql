ALTER TABLE app.orders ADD COLUMN seen timestamptz DEFAULT now();
ALTER TABLE app.orders RENAME COLUMN seen TO seen_at;
