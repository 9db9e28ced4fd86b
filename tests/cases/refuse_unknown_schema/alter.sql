ALTER TABLE nowhere.orders ADD COLUMN extra integer
