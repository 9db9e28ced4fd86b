DELETE FROM app.orders WHERE id % 15 = 0;
SELECT count("order") FROM app.lines;
SELECT count(*) FROM app.parts;
CREATE TABLE app.result (what text);
DO $$ BEGIN UPDATE app.lines SET "order" = 5555 WHERE id = 3; INSERT INTO app.result VALUES ('0 went'); EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.result VALUES ('0 violates'); END $$;
DO $$ BEGIN INSERT INTO app.parts VALUES (1, 1, '1999-01-01'); INSERT INTO app.result VALUES ('1 went'); EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.result VALUES ('1 violates'); END $$;
DO $$ BEGIN UPDATE app.orders SET id = -id WHERE id = 10; INSERT INTO app.result VALUES ('2 went'); EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.result VALUES ('2 violates'); END $$;
