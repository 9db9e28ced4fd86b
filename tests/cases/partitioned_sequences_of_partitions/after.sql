INSERT INTO app.t (day, n) VALUES ('2025-03-03', 1), ('2025-09-03', 1), ('2026-03-03', 1);
INSERT INTO app_parts.t_1 (day) VALUES ('2025-03-03');
INSERT INTO app.t_2 (day) VALUES ('2025-10-03');
INSERT INTO app_parts.t_3 (id, day) VALUES (-5000, '2026-10-03');
CREATE TABLE app.result (what text);
DO $$ BEGIN INSERT INTO app.t_2 (id, day) VALUES (1, '2025-10-03'); INSERT INTO app.result VALUES ('went'); EXCEPTION WHEN generated_always THEN INSERT INTO app.result VALUES ('is always generated'); END $$;
