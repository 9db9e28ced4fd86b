-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
CREATE TABLE app.other (n integer DEFAULT nextval('app.t_id_seq'));
