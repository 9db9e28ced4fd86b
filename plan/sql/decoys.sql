-- Names in the source's schema that PostgreSQL would have to avoid if it chose a name for a new
-- index, constraint or sequence of the table itself. The ghost's schema gets decoys of the same
-- names, so that the choice comes out as it would natively. PostgreSQL shortens the table's part of a
-- chosen name to about half of the 63 bytes, less the label and its number, and then to whole characters
-- (makeObjectName in commands/indexcmds.c): whatever shares the first 24 bytes counts. $1: the source's
-- OID; its partitions count as its own.
WITH RECURSIVE {tree}, source AS (
  SELECT c.oid, c.relname::text AS name, c.relnamespace, c.reltype,
         substr(convert_to(c.relname::text, getdatabaseencoding()), 1, 24) AS beginning
    FROM tree t JOIN pg_catalog.pg_class c ON c.oid = t.oid)
SELECT DISTINCT 'relation' AS kind, c.relname::text AS name
  FROM pg_catalog.pg_class c, source s
 WHERE c.relnamespace = s.relnamespace AND c.oid NOT IN (SELECT t.oid FROM tree t)
   AND substr(convert_to(c.relname::text, getdatabaseencoding()), 1, length(s.beginning)) = s.beginning
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indexrelid = c.oid AND i.indrelid IN (SELECT t.oid FROM tree t) AND (i.indisvalid OR c.relkind = 'I'))
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid
                      AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid IN (SELECT t.oid FROM tree t) AND d.deptype = 'i')
UNION
SELECT 'relation', y.typname::text
  FROM pg_catalog.pg_type y, source s
 WHERE y.typnamespace = s.relnamespace AND y.typelem = 0 AND ltrim(y.typname::text, '_') = ltrim(s.name, '_')
   AND y.oid NOT IN (SELECT o.reltype FROM source o)
UNION
SELECT 'constraint', k.conname::text
  FROM pg_catalog.pg_constraint k, source s
 WHERE k.connamespace = s.relnamespace AND k.conrelid NOT IN (SELECT t.oid FROM tree t)
   AND substr(convert_to(k.conname::text, getdatabaseencoding()), 1, length(s.beginning)) = s.beginning
