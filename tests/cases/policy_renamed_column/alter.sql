ALTER TABLE app.orders RENAME customer TO "user";
ALTER TABLE app.orders RENAME note TO customer;
