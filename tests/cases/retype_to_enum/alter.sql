ALTER TABLE app.orders ALTER COLUMN state DROP DEFAULT;
ALTER TABLE app.orders ALTER COLUMN state TYPE app.order_state USING state::app.order_state;
ALTER TABLE app.orders ALTER COLUMN state SET DEFAULT 'new';
