CREATE TABLE app.seen (what text);
UPDATE app.orders SET "order" = 5000 WHERE "order" = 5;
DO $$ BEGIN
  INSERT INTO app.orders ("order", "Buyer") VALUES (5001, 97);
  RAISE 'not rejected';
EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
DO $$ BEGIN
  INSERT INTO app.lines VALUES (1001, 5, 1);
  RAISE 'not rejected';
EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
