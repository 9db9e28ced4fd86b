-- Sequences that belong to a column (serial), not identity, of a table or one of its partitions. $1: the table's OID.
WITH RECURSIVE {tree}
SELECT o.relname AS "table", n.nspname AS schema, c.relname AS name, a.attname AS column_name,
       format_type(s.seqtypid, NULL) AS type,
       -- than in the defaults of the column, which partitions have too
       EXISTS (SELECT FROM pg_catalog.pg_depend u
                WHERE u.refclassid = 'pg_catalog.pg_class'::regclass AND u.refobjid = c.oid AND u.deptype = 'n'
                  AND NOT (u.classid = 'pg_catalog.pg_attrdef'::regclass
                           AND u.objid IN (SELECT d.oid FROM tree t JOIN pg_catalog.pg_attrdef d ON d.adrelid = t.oid
                                             JOIN pg_catalog.pg_attribute b ON b.attrelid = t.oid AND b.attnum = d.adnum
                                            WHERE b.attname = a.attname))) AS used_elsewhere
  FROM pg_catalog.pg_depend e
  JOIN pg_catalog.pg_class c ON c.oid = e.objid AND c.relkind = 'S'
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_sequence s ON s.seqrelid = c.oid
  JOIN pg_catalog.pg_class o ON o.oid = e.refobjid
  JOIN pg_catalog.pg_attribute a ON a.attrelid = e.refobjid AND a.attnum = e.refobjsubid
 WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.refclassid = 'pg_catalog.pg_class'::regclass
   AND e.refobjid IN (SELECT t.oid FROM tree t) AND e.deptype = 'a'
 ORDER BY c.oid
