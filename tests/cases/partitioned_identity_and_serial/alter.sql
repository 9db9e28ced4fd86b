ALTER COLUMN number TYPE bigint, ADD COLUMN at timestamptz DEFAULT now()
