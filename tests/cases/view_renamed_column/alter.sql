ALTER TABLE app.orders RENAME COLUMN note TO remark;
ALTER TABLE app.orders RENAME COLUMN amount TO note;
ALTER TABLE app.orders RENAME customer TO "select";
ALTER TABLE app.orders ADD COLUMN amount text;
