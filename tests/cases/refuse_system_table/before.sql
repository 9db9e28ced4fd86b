-- table: pg_catalog.pg_class
SELECT 1;
