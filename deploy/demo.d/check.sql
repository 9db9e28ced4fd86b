-- What the table holds against what the history says it must hold, as "name|value" lines.
SET search_path = eidolon_demo;

SELECT 'rows_found', count(*) FROM accounts;
SELECT 'rows_inserted', count(*) FILTER (WHERE added > 0) FROM history;
SELECT 'rows_deleted', count(*) FILTER (WHERE added < 0) FROM history;
SELECT 'rows_expected', :rows + coalesce(sum(added), 0) FROM history;
SELECT 'transactions', count(*) FROM history;
WITH expected AS (SELECT account, sum(added) AS added, sum(delta) AS delta FROM history GROUP BY account)
SELECT 'accounts_that_differ', count(*)
  FROM accounts FULL JOIN expected ON expected.account = accounts.id
 WHERE coalesce(accounts.balance, 0) <> coalesce(expected.delta, 0)
    OR (accounts.id IS NOT NULL)::int
       <> coalesce(expected.added, 0) + (coalesce(accounts.id, expected.account) <= :rows)::int;
SELECT 'column_type', format_type(atttypid, atttypmod)
  FROM pg_attribute WHERE attrelid = 'accounts'::regclass AND attname = 'id';
SELECT 'sequence_type', format_type(seqtypid, NULL)
  FROM pg_sequence WHERE seqrelid = pg_get_serial_sequence('eidolon_demo.accounts', 'id')::regclass;
SELECT 'indexes', string_agg(indexrelid::regclass::text, ', ' ORDER BY indexrelid::regclass::text)
  FROM pg_index WHERE indrelid = 'accounts'::regclass AND indisvalid;
SELECT 'left_behind',
       (SELECT count(*) FROM pg_trigger WHERE tgrelid = 'accounts'::regclass)
       + (SELECT count(*) FROM pg_namespace WHERE nspname ~ ('^eidolon_' || :'job' || '(_old)?$'));
