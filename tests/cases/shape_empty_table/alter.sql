ALTER COLUMN id TYPE bigint, ADD COLUMN needed integer NOT NULL
