-- Materialized views that read a table, and those that read them, each after those that it reads. $1: the table's OID.
WITH RECURSIVE above(oid, depth) AS (
  SELECT $1::oid, 0
  UNION
  SELECT m.oid, a.depth + 1
    FROM above a
    JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = a.oid
    JOIN pg_catalog.pg_rewrite w ON w.oid = d.objid
    JOIN pg_catalog.pg_class m ON m.oid = w.ev_class AND m.relkind = 'm' AND m.oid <> a.oid)
SELECT a.oid FROM above a WHERE a.depth > 0 GROUP BY a.oid ORDER BY max(a.depth), a.oid
