-- table: app.orders
CREATE SCHEMA app;
CREATE TABLE app.orders (
  id integer PRIMARY KEY,
  customer integer NOT NULL,
  email varchar(80),
  note text,
  amount numeric(10, 2) DEFAULT 0.00,
  placed timestamp DEFAULT '2026-01-01',
  state text NOT NULL DEFAULT 'new'
);
CREATE INDEX orders_customer_idx ON app.orders (customer);
INSERT INTO app.orders
SELECT i, i % 97, 'c' || i || '@example.org',
       CASE i % 3 WHEN 0 THEN NULL WHEN 1 THEN '' ELSE repeat('n', i % 50) END,
       i * 1.25, timestamp '2026-01-01' + i * interval '1 minute', (ARRAY['new', 'paid', 'sent'])[1 + i % 3]
FROM generate_series(1, 1000) AS i;
CREATE TABLE app.customers (id integer PRIMARY KEY, name text);
INSERT INTO app.customers SELECT i, 'customer ' || i FROM generate_series(0, 96) AS i;
CREATE VIEW app.grouping_sets AS SELECT customer % 3 AS c, state, grouping(state) AS g, sum(amount) FILTER (WHERE note <> '') AS s FROM app.orders GROUP BY GROUPING SETS ((1, 2), (1), ()) HAVING count(*) > 2;
CREATE VIEW app.windows AS SELECT id, rank() OVER w AS r, lag(amount, 1, 0.0) OVER (w ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS l FROM app.orders WINDOW w AS (PARTITION BY state ORDER BY amount DESC) LIMIT 50;
CREATE VIEW app.distincts AS SELECT DISTINCT ON (state) state, id, amount::integer AS whole FROM app.orders ORDER BY state, id DESC;
CREATE VIEW app.samples AS SELECT count(*) AS n FROM app.orders TABLESAMPLE system (100);
CREATE VIEW app.lists AS SELECT state, array_agg(id ORDER BY id) AS ids, string_agg(DISTINCT note, ',' ORDER BY note) AS notes, percentile_cont(0.5) WITHIN GROUP (ORDER BY amount) AS median FROM app.orders GROUP BY state;
CREATE VIEW app.cte AS WITH x AS MATERIALIZED (SELECT customer, max(amount) AS m FROM app.orders GROUP BY 1) SELECT x.customer, c.name, x.m, CASE WHEN x.m > 1200 THEN 'big' ELSE 'small' END AS size FROM x JOIN app.customers c ON c.id = x.customer;
CREATE VIEW app.typed AS SELECT id, note COLLATE "C" AS note, amount::numeric(6, 1) AS amount, ARRAY[id, customer] AS pair, ROW(id, note) IS NULL AS r FROM app.orders;
CREATE VIEW app.literals AS SELECT v.k, v.t, o.amount FROM (VALUES (1, 'one'), (2, 'two')) v (k, t) JOIN app.orders o ON o.id = v.k;
