-- table: app.t
CREATE SCHEMA app;
LOAD :'LABEL_PROVIDER';
CREATE TABLE app.t (id integer PRIMARY KEY, v integer);
SECURITY LABEL FOR "eidolon test" ON TABLE app.t IS 'secret';
