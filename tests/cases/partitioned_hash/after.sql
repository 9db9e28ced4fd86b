INSERT INTO app.t SELECT md5(i::text)::uuid, i FROM generate_series(3001, 3100) AS i;
