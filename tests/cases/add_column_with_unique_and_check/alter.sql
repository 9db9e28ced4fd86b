ADD COLUMN reference text UNIQUE, ADD COLUMN stars integer CHECK (stars BETWEEN 1 AND 5), ADD CHECK (customer >= 0)
