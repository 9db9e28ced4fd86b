DELETE FROM app.customers WHERE id = 7;
INSERT INTO app.orders VALUES (9990, '2025-05-05', 8, 1);
CREATE TABLE app.result (what text);
DO $$ BEGIN INSERT INTO app.orders VALUES (9999, '2025-05-05', 777, 1); INSERT INTO app.result VALUES ('0 went'); EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.result VALUES ('0 violates'); END $$;
DO $$ BEGIN INSERT INTO app.orders VALUES (9999, '2021-05-05', 777, 1); INSERT INTO app.result VALUES ('1 went'); EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.result VALUES ('1 violates'); END $$;
DO $$ BEGIN UPDATE app.orders SET customer = 999, placed = '2025-06-06' WHERE id = 1; INSERT INTO app.result VALUES ('2 went'); EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.result VALUES ('2 violates'); END $$;
