-- table: pg_temp.t
SELECT 1;
