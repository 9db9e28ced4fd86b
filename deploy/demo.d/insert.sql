\set delta random(-1000, 1000)
WITH new AS (INSERT INTO eidolon_demo.accounts (owner, balance) VALUES ('new owner', :delta) RETURNING id) INSERT INTO eidolon_demo.history (account, added, delta) SELECT id, 1, :delta FROM new;
