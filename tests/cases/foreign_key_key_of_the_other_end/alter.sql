ALTER COLUMN id TYPE bigint, ALTER COLUMN login TYPE varchar(30)
