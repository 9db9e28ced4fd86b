\set id random(1, :rows)
\set delta random(-1000, 1000)
WITH changed AS (UPDATE eidolon_demo.accounts SET balance = balance + :delta, updated_at = now() WHERE id = :id RETURNING id) INSERT INTO eidolon_demo.history (account, added, delta) SELECT :id, 0, :delta * count(*) FROM changed;
