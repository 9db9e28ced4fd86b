ALTER COLUMN old TYPE bigint USING t + source, ALTER COLUMN excluded TYPE varchar(40) USING excluded || ghost || s || g, ALTER COLUMN t TYPE bigint
