-- table: app.bookings
CREATE SCHEMA app;
CREATE TABLE app.bookings (id integer PRIMARY KEY, during int4range, EXCLUDE USING gist (during WITH &&), CONSTRAINT later EXCLUDE USING btree (id WITH =) DEFERRABLE);
INSERT INTO app.bookings SELECT i, int4range(i * 10, i * 10 + 9) FROM generate_series(1, 300) AS i;
