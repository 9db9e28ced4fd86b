ADD UNIQUE (email), ADD CONSTRAINT by_customer UNIQUE (customer, id) INCLUDE (note) WITH (fillfactor = 80), ADD UNIQUE (placed) DEFERRABLE INITIALLY DEFERRED
