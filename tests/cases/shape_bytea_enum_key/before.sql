-- table: app.t
CREATE SCHEMA app;
CREATE TYPE app.kind AS ENUM ('b', 'a', 'C c', 'd,"e"');
CREATE TABLE app.t (raw bytea, kind app.kind, net inet, v integer, PRIMARY KEY (kind, raw, net));
INSERT INTO app.t SELECT decode(md5(i::text), 'hex'), (enum_range(NULL::app.kind))[1 + i % 4], ('10.0.0.' || i % 255)::inet, i FROM generate_series(1, 400) AS i;
