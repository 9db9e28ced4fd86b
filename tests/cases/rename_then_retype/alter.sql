ALTER TABLE app.orders RENAME COLUMN note TO remark;
ALTER TABLE app.orders RENAME COLUMN id TO number;
ALTER TABLE app.orders ALTER COLUMN remark TYPE varchar(60) USING remark || number || customer, ALTER COLUMN number TYPE bigint;
