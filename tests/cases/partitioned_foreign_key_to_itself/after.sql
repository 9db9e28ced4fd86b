DELETE FROM app.orders WHERE id % 10 = 0;
SELECT count(after_id) FROM app.orders;
CREATE TABLE app.result (what text);
DO $$ BEGIN UPDATE app.orders SET after_id = 5555 WHERE id = 3; INSERT INTO app.result VALUES ('0 went'); EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.result VALUES ('0 violates'); END $$;
DO $$ BEGIN UPDATE app.orders SET id = -1 WHERE id = 5; INSERT INTO app.result VALUES ('1 went'); EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.result VALUES ('1 violates'); END $$;
