ALTER TABLE app.orders INHERIT app.parent;
