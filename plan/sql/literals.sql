-- Objects that hang on a table, or its indexes, and hold a constant of a type in which a domain is hidden: an array, range
-- or composite of it. PostgreSQL evaluates the domain's CHECK when such a text is parsed, as whoever parses it. A domain
-- without one may get one at any time, from its owner. $1: the table's OID.
WITH RECURSIVE {tree}, {materialized}, carried(classid, objid) AS (
  SELECT DISTINCT d.classid, d.objid FROM pg_catalog.pg_depend d
   WHERE d.refclassid IN ('pg_catalog.pg_class'::regclass, 'pg_catalog.pg_constraint'::regclass)
     AND (d.refobjid IN (SELECT t.oid FROM tree t) OR d.refobjid IN (SELECT k.oid FROM pg_catalog.pg_constraint k JOIN tree t ON t.oid = k.conrelid)
          -- views of materialized views
          OR d.refobjid IN (SELECT m.oid FROM materialized m))
     AND d.classid IN ('pg_catalog.pg_rewrite'::regclass, 'pg_catalog.pg_policy'::regclass,
                       'pg_catalog.pg_trigger'::regclass, 'pg_catalog.pg_proc'::regclass)
  UNION
  SELECT 'pg_catalog.pg_class'::regclass, i.indexrelid FROM pg_catalog.pg_index i
   WHERE i.indrelid IN (SELECT t.oid FROM tree t UNION ALL SELECT m.oid FROM materialized m)
  UNION
  -- defaults of arguments; what the arguments' own types hide counts too, although it is not evaluated
  SELECT d.classid, d.objid
    FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_type y ON d.refobjid IN (y.oid, y.typarray)
    JOIN pg_catalog.pg_proc p ON p.oid = d.objid AND p.pronargdefaults > 0
   WHERE y.typrelid = $1 AND d.refclassid = 'pg_catalog.pg_type'::regclass AND d.classid = 'pg_catalog.pg_proc'::regclass
), parts(classid, objid, type, inside) AS (
  SELECT c.classid, c.objid, d.refobjid, false
    FROM carried c
    JOIN pg_catalog.pg_depend d ON d.classid = c.classid AND d.objid = c.objid AND d.refclassid = 'pg_catalog.pg_type'::regclass
  UNION
  SELECT p.classid, p.objid, n.type, true
    FROM parts p
    JOIN pg_catalog.pg_type y ON y.oid = p.type,
         LATERAL (SELECT y.typelem AS type WHERE y.typelem <> 0
                  UNION ALL SELECT y.typbasetype WHERE y.typbasetype <> 0
                  UNION ALL SELECT a.atttypid FROM pg_catalog.pg_attribute a
                             WHERE a.attrelid = y.typrelid AND y.typrelid <> 0 AND a.attnum > 0 AND NOT a.attisdropped
                  UNION ALL SELECT r.rngsubtype FROM pg_catalog.pg_range r WHERE r.rngtypid = y.oid
                  UNION ALL SELECT r.rngtypid FROM pg_catalog.pg_range r WHERE to_jsonb(r) ->> 'rngmultitypid' = y.oid::text) n
)
SELECT DISTINCT pg_describe_object(p.classid, p.objid, 0) AS object
  FROM parts p
 WHERE p.inside
   AND (EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.contypid = p.type AND k.contype = 'c')
        OR EXISTS (SELECT FROM pg_catalog.pg_type y JOIN pg_catalog.pg_roles o ON o.oid = y.typowner
                    WHERE y.oid = p.type AND y.typtype = 'd' AND NOT o.rolsuper AND o.rolname <> session_user))
 ORDER BY 1
