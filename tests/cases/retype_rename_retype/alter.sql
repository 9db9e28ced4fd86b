ALTER TABLE app.orders ALTER COLUMN note TYPE text USING note || 'a';
ALTER TABLE app.orders RENAME COLUMN note TO remark;
ALTER TABLE app.orders ALTER COLUMN remark TYPE text USING remark || 'b';
