INSERT INTO app.orders (id, customer) VALUES (5000, 1);
UPDATE app.orders SET note = 'changed' WHERE id = 5000;
DELETE FROM app.orders WHERE id = 7;
CREATE TABLE app.seen (what text);
DO $$ BEGIN
  INSERT INTO app.orders (id, customer) VALUES (5001, 97);
  RAISE 'not rejected';
EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
