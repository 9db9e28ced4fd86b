-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (id integer PRIMARY KEY, n serial);
CREATE TABLE app.other (n integer DEFAULT nextval('app.t_n_seq'));
