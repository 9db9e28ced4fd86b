ALTER TABLE app.orders RENAME note TO "select";
ALTER TABLE app.orders RENAME amount TO note;
