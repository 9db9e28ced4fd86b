ALTER COLUMN "select" TYPE bigint
