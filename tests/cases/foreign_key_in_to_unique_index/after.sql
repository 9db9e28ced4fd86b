CREATE TABLE app.seen (what text);
UPDATE app.orders SET email = 'new@example.org' WHERE id = 5;
DO $$ BEGIN
  INSERT INTO app.mails VALUES (1000, 'c5@example.org');
  RAISE 'not rejected';
EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
