-- The columns of a table, in order, without dropped ones. $1: the table's OID.
SELECT a.attnum::int AS number,
       a.attname AS name,
       format_type(a.atttypid, a.atttypmod) AS type,
       a.atttypid AS type_oid,
       a.atttypmod AS type_modifier,
       CASE WHEN a.atttypid < 12000 THEN format_type(a.atttypid, -1) ELSE '' END AS bare_type,
       a.attcollation AS collation_oid,
       (SELECT format('%I.%I', n.nspname, l.collname) FROM pg_catalog.pg_collation l
          JOIN pg_catalog.pg_namespace n ON n.oid = l.collnamespace WHERE l.oid = a.attcollation) AS collation,
       a.attlen = -1 AND a.attstorage IN ('x', 'e')
         AND NOT (a.atttypid IN ('pg_catalog.varchar'::regtype, 'pg_catalog.bpchar'::regtype) AND a.atttypmod BETWEEN 0 AND 500) AS large,
       -- an explicit cast to it cuts off what assignment rejects; domains hide such a type, and so do arrays
       EXISTS (WITH RECURSIVE within(oid, modifier) AS (
                 SELECT a.atttypid, a.atttypmod
                 UNION
                 SELECT n.oid, n.modifier
                   FROM within w
                   JOIN pg_catalog.pg_type y ON y.oid = w.oid,
                        LATERAL (SELECT y.typbasetype AS oid, y.typtypmod AS modifier WHERE y.typtype = 'd'
                                 UNION ALL SELECT y.typelem, w.modifier WHERE y.typtype <> 'd' AND y.typelem <> 0) n)
               SELECT FROM within w
                WHERE w.modifier >= 0
                  AND w.oid = ANY (ARRAY['pg_catalog.varchar', 'pg_catalog.bpchar', 'pg_catalog.bit', 'pg_catalog.varbit']::regtype[]))
         AS cast_cuts,
       a.attnotnull AS not_null,
       a.attidentity AS identity,
       a.attgenerated AS generated,
       coalesce(a.attstattarget, -1)::int AS statistics_target,
       (SELECT array_agg(o) FROM unnest(a.attoptions) o WHERE o NOT LIKE 'pg_attver=%') AS options,
       CASE WHEN a.atthasmissing THEN array_to_string(a.attmissingval, '') END AS missing_value,
       pg_get_expr(d.adbin, d.adrelid) AS default_expression,
       (SELECT pg_get_expr(y.typdefaultbin, 0) FROM pg_catalog.pg_type y WHERE y.oid = a.atttypid AND y.typtype = 'd') AS domain_default,
       q.relname AS identity_sequence,
       format_type(s.seqtypid, NULL) AS sequence_type,
       s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle,
       q.relpersistence = 'u' AS sequence_unlogged,
       obj_description(q.oid, 'pg_class') AS sequence_comment,
       has_table_privilege(q.relowner, q.oid, 'SELECT') AS owner_may_read_sequence
  FROM pg_catalog.pg_attribute a
  LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  LEFT JOIN pg_catalog.pg_depend e
         ON e.classid = 'pg_catalog.pg_class'::regclass AND e.refclassid = 'pg_catalog.pg_class'::regclass
        AND e.refobjid = a.attrelid AND e.refobjsubid = a.attnum AND e.deptype = 'i' AND a.attidentity <> ''
  LEFT JOIN pg_catalog.pg_class q ON q.oid = e.objid AND q.relkind = 'S'
  LEFT JOIN pg_catalog.pg_sequence s ON s.seqrelid = q.oid
 WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped
 ORDER BY a.attnum
