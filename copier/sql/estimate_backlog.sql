-- Entries in all generations of the change log of the job with the schema $1, as the statistics have it: they may be a
-- second late, and know nothing of what was written before a crash of the server.
SELECT coalesce(sum(pg_stat_get_live_tuples(c.oid)), 0)::bigint AS entries
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = $1 AND c.relkind = 'r' AND c.relname ~ '^eidolon log [0-9]+$';
