-- table: app.orders
-- versions: 15 15
CREATE SCHEMA app;
ALTER DATABASE :"DBNAME" SET session_preload_libraries = :'LABEL_PROVIDER';
LOAD :'LABEL_PROVIDER';
CREATE TABLE app.orders (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, number serial, gone text, v integer, "o'dd ""name" text);
CREATE VIEW app.v AS SELECT id, v FROM app.orders;
CREATE MATERIALIZED VIEW app.m AS SELECT count(*) AS n FROM app.orders;
SECURITY LABEL FOR "eidolon test" ON TABLE app.orders IS 'it''s "secret"';
SECURITY LABEL FOR "eidolon test" ON COLUMN app.orders.gone IS 'gone';
SECURITY LABEL FOR "eidolon test" ON COLUMN app.orders.v IS 'renamed';
SECURITY LABEL FOR "eidolon test" ON COLUMN app.orders."o'dd ""name" IS 'odd';
SECURITY LABEL FOR "eidolon test" ON SEQUENCE app.orders_id_seq IS 'of the identity';
SECURITY LABEL FOR "eidolon test" ON SEQUENCE app.orders_number_seq IS 'of the serial';
SECURITY LABEL FOR "eidolon test" ON TYPE app.orders IS 'a row';
SECURITY LABEL FOR "eidolon test" ON VIEW app.v IS 'of the view';
SECURITY LABEL FOR "eidolon test" ON COLUMN app.v.v IS 'of its column';
SECURITY LABEL FOR "eidolon test" ON MATERIALIZED VIEW app.m IS 'of the {name} view';
SECURITY LABEL FOR "eidolon test" ON COLUMN app.m.n IS 'of its column';
INSERT INTO app.orders (v) SELECT generate_series(1, 500);
REFRESH MATERIALIZED VIEW app.m;
