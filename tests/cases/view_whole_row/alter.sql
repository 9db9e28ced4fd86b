ALTER TABLE app.orders RENAME note TO remark;
ALTER TABLE app.orders ADD COLUMN extra integer DEFAULT 5, DROP COLUMN placed;
