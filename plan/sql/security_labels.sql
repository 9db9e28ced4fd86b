-- Security labels of a table, its partitions, their columns, row types and identities' sequences. $1: the table's OID.
WITH RECURSIVE {tree}
SELECT l.provider, l.label, CASE WHEN l.objsubid = 0 THEN 'TABLE' ELSE 'COLUMN' END AS what, c.relname::text AS name,
       a.attname::text AS "column"
  FROM pg_catalog.pg_seclabel l
  JOIN tree t ON t.oid = l.objoid
  JOIN pg_catalog.pg_class c ON c.oid = t.oid
  LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum = l.objsubid AND l.objsubid <> 0
 WHERE l.classoid = 'pg_catalog.pg_class'::regclass
UNION ALL
SELECT l.provider, l.label, 'SEQUENCE', q.relname::text, NULL
  FROM pg_catalog.pg_seclabel l
  JOIN pg_catalog.pg_class q ON q.oid = l.objoid AND q.relkind = 'S'
 WHERE l.classoid = 'pg_catalog.pg_class'::regclass
   AND EXISTS (SELECT FROM pg_catalog.pg_depend d JOIN tree t ON t.oid = d.refobjid
                WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = q.oid
                  AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.deptype = 'i')
UNION ALL
SELECT l.provider, l.label, 'TYPE', c.relname::text, NULL
  FROM pg_catalog.pg_seclabel l
  JOIN pg_catalog.pg_class c ON c.reltype = l.objoid
  JOIN tree t ON t.oid = c.oid
 WHERE l.classoid = 'pg_catalog.pg_type'::regclass
 ORDER BY 3, 4, 5, 1
