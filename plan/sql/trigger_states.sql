-- Triggers that a partition has from its parent, where they are in another enable state than there or have a comment.
-- $1: the partition's OID, $2: the job's schema, whose triggers do not count.
SELECT t.tgname AS name, t.tgenabled AS enabled, obj_description(t.oid, 'pg_trigger') AS comment
  FROM pg_catalog.pg_trigger t
  JOIN pg_catalog.pg_trigger o ON o.oid = t.tgparentid
  JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
  JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
 WHERE t.tgrelid = $1 AND (t.tgenabled <> o.tgenabled OR obj_description(t.oid, 'pg_trigger') IS NOT NULL) AND n.nspname <> $2
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.oid = t.tgconstraint AND k.contype = 'f')
 ORDER BY t.oid
