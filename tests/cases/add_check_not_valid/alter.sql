ADD CONSTRAINT old_rows_do_not_hold_it CHECK (amount > 100) NOT VALID
