ALTER TABLE app.t ALTER COLUMN number TYPE bigint, ADD COLUMN more integer; ALTER TABLE app.t RENAME COLUMN number TO n
