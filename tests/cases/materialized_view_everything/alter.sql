ALTER TABLE app.orders RENAME COLUMN note TO remark;
ALTER TABLE app.orders ALTER COLUMN email TYPE text, ADD COLUMN extra integer DEFAULT 3;
