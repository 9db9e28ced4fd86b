-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, kind varchar(20), n int);
INSERT INTO app.t VALUES (1, $$a$$, 5), (2, $$b$$, 6);
CREATE FUNCTION app.f() RETURNS text BEGIN ATOMIC SELECT kind FROM app.t UNION ALL SELECT 'x'; END;
CREATE FUNCTION app.g() RETURNS text BEGIN ATOMIC SELECT max(n) FROM app.t; SELECT 'x'; END;
CREATE FUNCTION app.h(a text DEFAULT 'q') RETURNS int BEGIN ATOMIC INSERT INTO app.t (id, kind) VALUES (9, a) ON CONFLICT (id) DO UPDATE SET kind = 'z' RETURNING -1; END;
