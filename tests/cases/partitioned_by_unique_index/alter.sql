ALTER TABLE app.t RENAME COLUMN "part key" TO region;
ALTER TABLE app.t ALTER COLUMN v TYPE text;
