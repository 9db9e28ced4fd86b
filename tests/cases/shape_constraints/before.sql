-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (
  id integer CONSTRAINT "the key" PRIMARY KEY,
  a integer CONSTRAINT a_positive CHECK (a > 0),
  b text NOT NULL UNIQUE,
  c integer,
  CONSTRAINT not_inherited CHECK (c IS NULL OR c < 100000) NO INHERIT,
  CONSTRAINT pair UNIQUE (a, id) DEFERRABLE INITIALLY DEFERRED
);
INSERT INTO app.t SELECT i, i, 'b' || i, i FROM generate_series(1, 300) AS i;
ALTER TABLE app.t ADD CONSTRAINT not_valid CHECK (c > 150) NOT VALID;
COMMENT ON CONSTRAINT a_positive ON app.t IS 'positive';
COMMENT ON CONSTRAINT not_valid ON app.t IS 'old rows do not hold it';
COMMENT ON CONSTRAINT "the key" ON app.t IS 'the key';
