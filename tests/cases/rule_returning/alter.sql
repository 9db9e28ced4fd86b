ALTER TABLE app.orders RENAME note TO remark;
ALTER TABLE app.orders ALTER COLUMN email SET NOT NULL;
