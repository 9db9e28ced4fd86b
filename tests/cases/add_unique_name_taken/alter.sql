ADD UNIQUE (email), ADD UNIQUE (amount), ADD UNIQUE (placed), ADD CHECK (amount < 100000), ADD CHECK (customer >= 0)
