-- table: app.t
-- Rows that name the table by its OID mean the old one after the swap; natively they mean the table still.
CREATE SCHEMA app;
CREATE TABLE app.t (id integer PRIMARY KEY, what regclass);
CREATE TABLE app.audit (id integer PRIMARY KEY, relation regclass NOT NULL);
INSERT INTO app.t VALUES (1, 'app.t'), (2, 'app.audit');
INSERT INTO app.audit VALUES (1, 'app.t'), (2, 'app.audit');
