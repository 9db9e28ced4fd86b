-- table: app.orders
-- A table of the same name in another schema has a foreign key of the name that PostgreSQL chooses here, too.
CREATE SCHEMA app;
CREATE SCHEMA archive;
CREATE TABLE app.orders (id integer PRIMARY KEY, v text);
INSERT INTO app.orders SELECT i, 'v' FROM generate_series(1, 100) AS i;
CREATE TABLE archive.orders (
  id integer PRIMARY KEY,
  parent_id integer REFERENCES app.orders ON DELETE CASCADE,
  other_id integer CONSTRAINT "a name that is as long as a name may be, which is 63 characters" REFERENCES app.orders NOT NULL
);
INSERT INTO archive.orders SELECT i, i, i FROM generate_series(1, 100) AS i;
COMMENT ON CONSTRAINT orders_parent_id_fkey ON archive.orders IS 'what it was';
CREATE TABLE app.lines (id integer PRIMARY KEY, parent_id integer REFERENCES app.orders);
INSERT INTO app.lines SELECT i, i FROM generate_series(1, 100) AS i;
