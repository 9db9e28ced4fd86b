ADD CONSTRAINT t_other_fkey FOREIGN KEY (other) REFERENCES app.other, ALTER COLUMN v TYPE bigint
