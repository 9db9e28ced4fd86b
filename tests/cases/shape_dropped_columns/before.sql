-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (gone0 text, id integer, gone1 integer, v text, gone2 jsonb, w integer DEFAULT 4, gone3 text);
INSERT INTO app.t SELECT 'g', i, i, 'v' || i, '{}', i, 'g' FROM generate_series(1, 300) AS i;
ALTER TABLE app.t DROP COLUMN gone0, DROP COLUMN gone1, DROP COLUMN gone2, DROP COLUMN gone3;
ALTER TABLE app.t ADD PRIMARY KEY (id), ADD CONSTRAINT t_w_check CHECK (w >= 0), ADD COLUMN late text DEFAULT 'filled in';
CREATE INDEX t_w_idx ON app.t (w, v);
