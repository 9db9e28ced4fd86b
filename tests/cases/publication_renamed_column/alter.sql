ALTER TABLE app.orders RENAME note TO "select";
ALTER TABLE app.orders RENAME customer TO note;
