-- What was read again from its text for a stand-in and uses other operators there: on tables and views ($1, $2: pairs),
-- and functions ($3: names as regprocedure takes them) of which those in a schema ($4) are the stand-ins. What
-- PostgreSQL itself comes with is not noted as a dependency, so an operator of an extension is seen to be missing.
WITH pairs(original, stand_in) AS (
  SELECT o, s FROM unnest($1::oid[], $2::text[]) AS u(o, name) CROSS JOIN LATERAL (SELECT u.name::regclass::oid) AS x(s)
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
  SELECT 'pg_proc'::regclass, a.oid, b.oid, format('the function %s', a.oid::regprocedure)
    FROM unnest($3::text[]) f(name)
    JOIN pg_proc a ON a.oid = f.name::regprocedure::oid
    JOIN pg_proc b ON b.proname = a.proname AND b.proargtypes = a.proargtypes
    JOIN pg_namespace n ON n.oid = b.pronamespace AND n.nspname = $4
)
SELECT x.what,
       (SELECT string_agg(o::regoperator::text, ', ' ORDER BY o) FROM unnest(a.operators) o
         WHERE o <> ALL (b.operators)) AS missing
  FROM parts x
 CROSS JOIN LATERAL (SELECT coalesce(array_agg(DISTINCT d.refobjid), '{}') FROM pg_depend d
                      WHERE d.classid = x.class AND d.objid = x.original AND d.refclassid = 'pg_operator'::regclass) a(operators)
 CROSS JOIN LATERAL (SELECT coalesce(array_agg(DISTINCT d.refobjid), '{}') FROM pg_depend d
                      WHERE d.classid = x.class AND d.objid = x.stand_in AND d.refclassid = 'pg_operator'::regclass) b(operators)
 WHERE NOT (a.operators @> b.operators AND b.operators @> a.operators)
 ORDER BY 1
