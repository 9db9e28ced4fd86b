DROP COLUMN number, ADD COLUMN number bigint DEFAULT nextval('app.other')
