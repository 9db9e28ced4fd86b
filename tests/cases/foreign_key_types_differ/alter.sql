ALTER COLUMN a_id TYPE bigint, ALTER COLUMN a_name TYPE varchar(30)
