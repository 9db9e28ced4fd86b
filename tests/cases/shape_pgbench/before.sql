-- table: public.pgbench_accounts
CREATE TABLE pgbench_accounts (aid integer NOT NULL, bid integer, abalance integer, filler character(84)) WITH (fillfactor = 100);
INSERT INTO pgbench_accounts SELECT i, 1 + i / 1000, 0, '' FROM generate_series(1, 3000) AS i;
ALTER TABLE pgbench_accounts ADD PRIMARY KEY (aid);
