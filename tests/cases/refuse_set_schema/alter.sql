ALTER TABLE app.orders SET SCHEMA public;
