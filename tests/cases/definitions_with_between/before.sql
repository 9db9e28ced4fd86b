-- table: app.t
-- What is printed otherwise after it has been read once more, unless that is prevented.
CREATE SCHEMA app;
CREATE TABLE app.t (
  id integer PRIMARY KEY,
  a integer,
  b integer,
  s text,
  v varchar,
  CONSTRAINT ordered CHECK (a BETWEEN -5 AND 500 AND b > -1::integer)
);
ALTER TABLE app.t ADD CONSTRAINT later CHECK ((a, b) IN ((1, 2), (3, 4), (5, 6)) OR a > -1::int) NOT VALID;
INSERT INTO app.t SELECT i, i % 100, i % 7, 's' || i, 's' || i FROM generate_series(1, 500) AS i;
CREATE INDEX partial ON app.t (b) WHERE a BETWEEN 1 AND 5 AND b > 0;
CREATE INDEX either ON app.t ((a NOT BETWEEN 1 AND 5 OR b > 0));
CREATE TABLE app.log (id integer);
CREATE FUNCTION app.note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TRIGGER noted AFTER UPDATE ON app.t FOR EACH ROW WHEN (OLD.a BETWEEN 1 AND 5 AND NEW.b > 2) EXECUTE FUNCTION app.note();
CREATE RULE logged AS ON DELETE TO app.t WHERE OLD.a BETWEEN SYMMETRIC 9 AND 5 AND OLD.b = 1 DO ALSO INSERT INTO app.log VALUES (OLD.id);
CREATE POLICY few ON app.t USING (a BETWEEN 1 AND 50 AND b > 1);
CREATE POLICY others ON app.log USING (EXISTS (SELECT FROM app.t WHERE t.a BETWEEN 1 AND 5 AND t.id = log.id));
CREATE VIEW app.between AS
SELECT id, a BETWEEN 1 AND 5 AND b > 0 AS small, (a, b) = (1, 2) AND id > 3 AS pair, s = ANY (ARRAY['a', v]) AS named, -1::int AS one
FROM app.t WHERE (a, b) <> (1, 2) OR id = 3;
CREATE MATERIALIZED VIEW app.kept AS SELECT id FROM app.t WHERE a BETWEEN 1 AND 50 AND b > 0 AND id > 5;
CREATE FUNCTION app.counted(n integer) RETURNS bigint LANGUAGE sql
RETURN (SELECT count(*) FILTER (WHERE t.a BETWEEN 1 AND n AND t.b > 0) FROM app.t HAVING count(*) BETWEEN 1 AND 5000 AND n > 0);
CREATE PUBLICATION app_rows FOR TABLE app.t WHERE (id BETWEEN 1 AND 50 AND id <> 7);
