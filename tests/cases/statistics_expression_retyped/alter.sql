ALTER TABLE app.orders ALTER COLUMN amount TYPE double precision;
ALTER TABLE app.orders RENAME COLUMN note TO remark;
