INSERT INTO app.t_1 (id, day) VALUES (5001, '2025-02-02');
INSERT INTO app.t_2 (id, day) VALUES (5002, '2025-08-02');
INSERT INTO app.t (id, day) VALUES (5003, '2025-08-02');
