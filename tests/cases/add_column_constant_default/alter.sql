ADD COLUMN priority smallint DEFAULT 3
