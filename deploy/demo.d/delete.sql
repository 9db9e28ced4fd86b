\set id random(1, :rows)
WITH gone AS (DELETE FROM eidolon_demo.accounts WHERE id = :id RETURNING balance) INSERT INTO eidolon_demo.history (account, added, delta) SELECT :id, -count(*), -coalesce(sum(balance), 0) FROM gone;
