-- Partitions of the old schema ($1) and those of the same names in the application's ($2), where privileges were granted on
-- one of them.
SELECT old.oid AS old_oid, new.oid AS new_oid, old.relname::text AS name
  FROM pg_catalog.pg_class old
  JOIN pg_catalog.pg_class new ON new.relname = old.relname
 WHERE old.relnamespace = (SELECT n.oid FROM pg_catalog.pg_namespace n WHERE n.nspname = $1)
   AND new.relnamespace = (SELECT n.oid FROM pg_catalog.pg_namespace n WHERE n.nspname = $2)
   AND old.relispartition AND old.relkind IN ('r', 'p')
   AND (old.relacl IS NOT NULL OR new.relacl IS NOT NULL
        OR EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = old.oid AND a.attacl IS NOT NULL))
 ORDER BY old.oid
