-- What was read again from its text for a stand-in and uses other operators, functions or operator classes there: on
-- tables and views ($1, $2: pairs), and functions ($3: names as regprocedure takes them) of which those in a schema ($4)
-- are the stand-ins. What PostgreSQL itself comes with is not noted as a dependency, so an extension's is seen to be
-- missing.
WITH pairs(original, stand_in) AS (
  SELECT u.o, u.name::regclass::oid FROM unnest($1::oid[], $2::text[]) AS u(o, name)
), parts(class, original, stand_in, what) AS (
  SELECT 'pg_trigger'::regclass, a.oid, b.oid, format('the trigger %I on %s', a.tgname, p.original::regclass)
    FROM pairs p
    JOIN pg_trigger a ON a.tgrelid = p.original AND NOT a.tgisinternal
    JOIN pg_trigger b ON b.tgrelid = p.stand_in AND b.tgname = a.tgname
  UNION ALL
  SELECT 'pg_policy'::regclass, a.oid, b.oid, format('the policy %I on %s', a.polname, p.original::regclass)
    FROM pairs p
    JOIN pg_policy a ON a.polrelid = p.original
    JOIN pg_policy b ON b.polrelid = p.stand_in AND b.polname = a.polname
  UNION ALL
  SELECT 'pg_rewrite'::regclass, a.oid, b.oid,
         CASE WHEN a.ev_type = '1' AND a.rulename = '_RETURN' THEN format('the view %s', p.original::regclass)
              ELSE format('the rule %I on %s', a.rulename, p.original::regclass) END
    FROM pairs p
    JOIN pg_rewrite a ON a.ev_class = p.original
    JOIN pg_rewrite b ON b.ev_class = p.stand_in AND b.rulename = a.rulename
  UNION ALL
  SELECT 'pg_class'::regclass, a.indexrelid, b.indexrelid, format('the index %s', a.indexrelid::regclass)
    FROM pairs p
    JOIN pg_index a ON a.indrelid = p.original
    JOIN pg_class x ON x.oid = a.indexrelid
    JOIN pg_index b ON b.indrelid = p.stand_in
    JOIN pg_class y ON y.oid = b.indexrelid AND y.relname = x.relname
  UNION ALL
  SELECT 'pg_constraint'::regclass, a.oid, b.oid, format('the constraint %I on %s', a.conname, p.original::regclass)
    FROM pairs p
    JOIN pg_constraint a ON a.conrelid = p.original AND a.contype = 'c'
    JOIN pg_constraint b ON b.conrelid = p.stand_in AND b.contype = 'c' AND b.conname = a.conname
  UNION ALL
  SELECT 'pg_proc'::regclass, a.oid, b.oid, format('the function %s', a.oid::regprocedure)
    FROM unnest($3::text[]) f(name)
    JOIN pg_proc a ON a.oid = f.name::regprocedure::oid
    JOIN pg_proc b ON b.proname = a.proname AND b.proargtypes = a.proargtypes
    JOIN pg_namespace n ON n.oid = b.pronamespace AND n.nspname = $4
), used(what, of_stand_in, class, oid) AS (
  SELECT x.what, y.of_stand_in, d.refclassid, d.refobjid
    FROM parts x
   CROSS JOIN LATERAL (VALUES (false, x.original), (true, x.stand_in)) AS y(of_stand_in, oid)
    JOIN pg_depend d ON d.classid = x.class AND d.objid = y.oid
                    AND d.refclassid IN ('pg_operator'::regclass, 'pg_proc'::regclass, 'pg_opclass'::regclass)
)
SELECT u.what, string_agg(DISTINCT pg_describe_object(u.class, u.oid, 0), ', ') AS operators
  FROM used u
 WHERE NOT EXISTS (SELECT FROM used v WHERE v.what = u.what AND v.of_stand_in <> u.of_stand_in AND v.class = u.class AND v.oid = u.oid)
 GROUP BY u.what
 ORDER BY 1
