-- table: app.bookings
CREATE SCHEMA app;
CREATE TABLE app.bookings (id integer PRIMARY KEY, during int4range);
INSERT INTO app.bookings SELECT i, int4range(i * 10, i * 10 + 9) FROM generate_series(1, 300) AS i;
INSERT INTO app.bookings VALUES (1000, '[15,16)');
