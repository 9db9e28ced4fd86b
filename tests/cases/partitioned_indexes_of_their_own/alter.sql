ALTER COLUMN at TYPE varchar(10), ADD COLUMN extra integer DEFAULT 7
