-- table: app.t
-- No value was ever drawn from the sequence.
CREATE SCHEMA app;
CREATE TABLE app.t (id integer PRIMARY KEY, n bigint GENERATED ALWAYS AS IDENTITY (START WITH 77));
