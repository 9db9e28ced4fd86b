CREATE TABLE app.seen (what text);
DELETE FROM app.orders WHERE id = 400;
INSERT INTO app.orders (id, customer, parent) VALUES (5000, 1, 5000);
DO $$ BEGIN
  INSERT INTO app.orders (id, customer, parent) VALUES (5001, 1, 6000);
  RAISE 'not rejected';
EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
