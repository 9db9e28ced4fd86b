-- table: information_schema.sql_features
SELECT 1;
