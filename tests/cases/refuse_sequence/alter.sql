ALTER TABLE app.s ADD COLUMN a integer
