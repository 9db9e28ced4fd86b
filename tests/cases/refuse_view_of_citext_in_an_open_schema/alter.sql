ALTER TABLE app.t ADD COLUMN extra int;
