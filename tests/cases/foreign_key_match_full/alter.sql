ALTER COLUMN id TYPE bigint, ALTER COLUMN a_region TYPE varchar(20)
