-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (maybe integer UNIQUE, code varchar(20) NOT NULL, region char(2) NOT NULL, v integer);
CREATE UNIQUE INDEX t_half_idx ON app.t (code) WHERE v > 0;
CREATE UNIQUE INDEX t_code_region_idx ON app.t (region DESC, code);
INSERT INTO app.t SELECT CASE WHEN i % 5 = 0 THEN NULL ELSE i END, 'c' || i / 2, CASE i % 2 WHEN 0 THEN 'DE' ELSE 'F' END, -i FROM generate_series(2, 501) AS i;
