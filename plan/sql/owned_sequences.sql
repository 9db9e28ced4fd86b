-- Sequences that belong to a column (serial), not identity. $1: the table's OID.
WITH RECURSIVE {tree}
SELECT n.nspname AS schema, c.relname AS name, a.attname AS column_name, a.attnum::int AS column_number,
       format_type(s.seqtypid, NULL) AS type,
       EXISTS (SELECT FROM pg_catalog.pg_depend o
                WHERE o.refclassid = 'pg_catalog.pg_class'::regclass AND o.refobjid = c.oid AND o.deptype = 'n'
                  AND NOT (o.classid = 'pg_catalog.pg_attrdef'::regclass
                           AND o.objid IN (SELECT d.oid FROM pg_catalog.pg_attrdef d WHERE d.adrelid IN (SELECT t.oid FROM tree t)))) AS used_elsewhere
  FROM pg_catalog.pg_depend e
  JOIN pg_catalog.pg_class c ON c.oid = e.objid AND c.relkind = 'S'
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_sequence s ON s.seqrelid = c.oid
  JOIN pg_catalog.pg_attribute a ON a.attrelid = e.refobjid AND a.attnum = e.refobjsubid
 WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.refclassid = 'pg_catalog.pg_class'::regclass
   AND e.refobjid = $1 AND e.deptype = 'a'
 ORDER BY c.oid
