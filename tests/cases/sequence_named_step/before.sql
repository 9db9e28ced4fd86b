-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, n int); CREATE SEQUENCE app.step OWNED BY app.t.n; ALTER TABLE app.t ALTER n SET DEFAULT nextval('app.step'); CREATE STATISTICS app.lane ON id, n FROM app.t; ALTER TABLE app.t ADD COLUMN i int GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME app.log_1);
