ALTER COLUMN v TYPE bigint, ADD UNIQUE (v, id, day, region), ADD COLUMN state integer DEFAULT 3 CHECK (state > 0)
