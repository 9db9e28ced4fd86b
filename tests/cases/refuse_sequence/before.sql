-- table: app.s
CREATE SCHEMA app;
CREATE SEQUENCE app.s;
