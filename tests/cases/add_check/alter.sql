ADD CONSTRAINT amount_is_sane CHECK (amount < 1000000), ADD CHECK (customer < 1000), ADD CHECK (length(email) > 3)
