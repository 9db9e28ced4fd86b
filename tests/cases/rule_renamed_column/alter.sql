ALTER TABLE app.orders RENAME note TO remark;
ALTER TABLE app.orders RENAME customer TO note;
