ALTER TABLE app.orders ADD COLUMN extra integer;
BEGIN;
ALTER TABLE app.orders DROP COLUMN note;
ROLLBACK;
