-- The demo's table, and the history that its load keeps beside it. Every account begins with a
-- balance of 0 and without history, so at any moment its balance is the sum of its history.
CREATE SCHEMA eidolon_demo;
SET search_path = eidolon_demo;

CREATE TABLE accounts (
  id serial PRIMARY KEY,
  owner text NOT NULL,
  balance bigint NOT NULL DEFAULT 0,
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT owner_is_named CHECK (owner <> '')
);
INSERT INTO accounts (owner) SELECT 'owner ' || n || ' ' || repeat(md5(n::text), 2) FROM generate_series(1, :rows) AS n;
CREATE INDEX accounts_owner_idx ON accounts (owner);
COMMENT ON TABLE accounts IS 'reshaped while it is being written to';

-- One row per transaction of the load: what it added to the number of accounts and to one balance.
CREATE TABLE history (
  account bigint NOT NULL,
  added integer NOT NULL,
  delta bigint NOT NULL,
  at timestamptz NOT NULL DEFAULT now()
);
VACUUM ANALYZE accounts;
