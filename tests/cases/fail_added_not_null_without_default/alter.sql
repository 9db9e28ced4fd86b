ADD COLUMN needed integer NOT NULL
