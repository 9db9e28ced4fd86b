INSERT INTO app.t VALUES (9000, '2025-05-05', 'us', 7);
UPDATE app.t SET region = 'de', day = '2025-07-07' WHERE id % 50 = 0;
INSERT INTO app.t VALUES (9000, '2025-05-05', 'us', 7);
