-- The files of a table and its partitions, and the job's triggers on them. $1: the table's OID, $2: the job's schema.
WITH RECURSIVE {tree}
SELECT (SELECT string_agg(pg_relation_filenode(t.oid)::text, ',' ORDER BY t.oid) FROM tree t) AS files,
       (SELECT string_agg(ROW(g.oid, g.xmin, g.tgenabled, g.tgfoid)::text, ',' ORDER BY g.oid)
          FROM tree t
          JOIN pg_catalog.pg_trigger g ON g.tgrelid = t.oid
          JOIN pg_catalog.pg_proc p ON p.oid = g.tgfoid
          JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
         WHERE n.nspname = $2) AS triggers
