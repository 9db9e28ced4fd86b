ADD CHECK (customer <> 7 OR id < 1000)
