CREATE TABLE app.seen (what text);
DELETE FROM app.orders WHERE id = (SELECT last_order FROM app.customers WHERE id = 5);
DELETE FROM app.customers WHERE id = 6;
DO $$ BEGIN
  UPDATE app.customers SET last_order = 9999 WHERE id = 7;
  SET CONSTRAINTS ALL IMMEDIATE;
  RAISE 'not rejected';
EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
