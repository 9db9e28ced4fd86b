-- table: app.orders
-- user: app_daemon
GRANT CREATE ON DATABASE :"DBNAME" TO app_daemon;
CREATE SCHEMA app AUTHORIZATION app_owner;
GRANT USAGE ON SCHEMA app TO app_reader;
SET ROLE app_owner;
CREATE TABLE app.orders (id integer PRIMARY KEY, customer integer, amount numeric);
INSERT INTO app.orders SELECT i, i % 97, i FROM generate_series(1, 300) AS i;
CREATE MATERIALIZED VIEW app.sums AS SELECT customer, sum(amount) AS total FROM app.orders GROUP BY customer;
CREATE MATERIALIZED VIEW app.big AS SELECT * FROM app.sums WHERE total > 100;
CREATE UNIQUE INDEX ON app.big (customer);
CREATE VIEW app.top AS SELECT customer FROM app.big ORDER BY total DESC LIMIT 3;
GRANT SELECT ON app.big TO app_reader WITH GRANT OPTION;
RESET ROLE;
