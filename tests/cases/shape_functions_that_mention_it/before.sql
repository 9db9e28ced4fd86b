-- table: app.t
-- PL/pgSQL bodies are text: they follow the name. They have run before, and have plans and row types of the old table at hand.
CREATE SCHEMA app;
CREATE TABLE app.t (id integer PRIMARY KEY, v text);
INSERT INTO app.t SELECT i, 'v' || i FROM generate_series(1, 300) AS i;
CREATE FUNCTION app.count_t() RETURNS bigint LANGUAGE plpgsql AS $$ DECLARE r app.t%ROWTYPE; n bigint; BEGIN SELECT * INTO r FROM app.t ORDER BY id LIMIT 1; SELECT count(*) INTO n FROM app.t; RETURN n; END $$;
SELECT app.count_t();
