-- table: app.t
-- versions: 15 15
CREATE SCHEMA app;
LOAD :'LABEL_PROVIDER';
CREATE TABLE app.t (id integer PRIMARY KEY, v integer);
SECURITY LABEL FOR "eidolon test" ON TABLE app.t IS 'secret';
