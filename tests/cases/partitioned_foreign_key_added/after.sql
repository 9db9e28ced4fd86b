CREATE TABLE app.result (what text);
DO $$ BEGIN DELETE FROM app.customers WHERE id = 8; INSERT INTO app.result VALUES ('0 went'); EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.result VALUES ('0 violates'); END $$;
DO $$ BEGIN INSERT INTO app.orders VALUES (9999, '2025-05-05', 777, 1); INSERT INTO app.result VALUES ('1 went'); EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.result VALUES ('1 violates'); END $$;
