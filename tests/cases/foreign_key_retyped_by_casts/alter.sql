ALTER COLUMN code TYPE varchar(3) USING code::varchar(3), ALTER COLUMN slug TYPE text, ALTER COLUMN rate TYPE integer
