-- Names in the ghost's schema that another table's relation has in the source's schema: the swap
-- would meet them. $1: the source's OID, $2: the ghost's schema.
WITH RECURSIVE {tree}
SELECT c.relname::text AS name
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_class s ON s.oid = $1
  LEFT JOIN pg_catalog.pg_index x ON x.indexrelid = c.oid
  LEFT JOIN pg_catalog.pg_depend e ON c.relkind = 'S' AND e.classid = 'pg_catalog.pg_class'::regclass AND e.objid = c.oid
                                  AND e.refclassid = 'pg_catalog.pg_class'::regclass AND e.deptype IN ('a', 'i')
  -- where it goes: to the schema of the table of whose counterpart it is
  LEFT JOIN (tree t JOIN pg_catalog.pg_class m ON m.oid = t.oid)
         ON m.relname = (SELECT q.relname FROM pg_catalog.pg_class q WHERE q.oid = coalesce(x.indrelid, e.refobjid, c.oid))
  JOIN pg_catalog.pg_class o ON o.relname = c.relname AND o.relnamespace = coalesce(m.relnamespace, s.relnamespace)
 WHERE n.nspname = $2 AND c.relkind IN ('r', 'p', 'i', 'I', 'S') AND o.oid NOT IN (SELECT t.oid FROM tree t)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_index i JOIN tree t ON t.oid = i.indrelid WHERE i.indexrelid = o.oid)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d JOIN tree t ON t.oid = d.refobjid
                    WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = o.oid
                      AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.deptype = 'i')
 ORDER BY 1
