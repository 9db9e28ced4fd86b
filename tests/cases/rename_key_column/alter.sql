ALTER TABLE app.orders RENAME id TO order_id;
