ALTER TABLE app.orders DROP COLUMN gone, ALTER COLUMN number TYPE bigint, ADD COLUMN more integer;
ALTER TABLE app.orders RENAME COLUMN v TO w;
