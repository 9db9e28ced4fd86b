CREATE TABLE app.seen (what text);
INSERT INTO app.orders (id, customer, agent) VALUES (5000, 500, 5);
DO $$ BEGIN
  INSERT INTO app.orders (id, customer, agent) VALUES (5001, 5, 500);
  RAISE 'not rejected';
EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
