-- A WITH RECURSIVE item, put in place of {materialized}: the materialized views that read a table, and those that read them.
-- $1: the table's OID.
materialized(oid) AS (
  SELECT m.oid FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_rewrite w ON w.oid = d.objid
    JOIN pg_catalog.pg_class m ON m.oid = w.ev_class AND m.relkind = 'm'
   WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = $1
  UNION
  SELECT m.oid FROM materialized x
    JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = x.oid
    JOIN pg_catalog.pg_rewrite w ON w.oid = d.objid JOIN pg_catalog.pg_class m ON m.oid = w.ev_class AND m.relkind = 'm')
