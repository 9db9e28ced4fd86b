-- The user's triggers of a table, in the order of their creation. $1: the table's OID, $2: the job's schema, whose
-- triggers do not count.
SELECT t.tgname AS name, pg_get_triggerdef(t.oid) AS definition, t.tgenabled AS enabled,
       obj_description(t.oid, 'pg_trigger') AS comment
  FROM pg_catalog.pg_trigger t
  JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
  JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
 WHERE t.tgrelid = $1 AND NOT t.tgisinternal AND t.tgparentid = 0 AND n.nspname <> $2
 ORDER BY t.oid
