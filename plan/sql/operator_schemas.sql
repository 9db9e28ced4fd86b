-- The schemas of the operators, but pg_catalog's, that are used by what hangs on some tables and views ($1): by their
-- triggers, policies, rules and the views themselves, and by some functions ($2).
WITH carriers(class, oid) AS (
  SELECT 'pg_trigger'::regclass, t.oid FROM pg_trigger t WHERE t.tgrelid = ANY ($1::oid[])
  UNION ALL SELECT 'pg_policy'::regclass, p.oid FROM pg_policy p WHERE p.polrelid = ANY ($1::oid[])
  UNION ALL SELECT 'pg_rewrite'::regclass, r.oid FROM pg_rewrite r WHERE r.ev_class = ANY ($1::oid[])
  UNION ALL SELECT 'pg_proc'::regclass, f.name::regprocedure::oid FROM unnest($2::text[]) f(name)
)
SELECT DISTINCT n.nspname AS schema
  FROM carriers x
  JOIN pg_depend d ON d.classid = x.class AND d.objid = x.oid AND d.refclassid = 'pg_operator'::regclass
  JOIN pg_operator o ON o.oid = d.refobjid
  JOIN pg_namespace n ON n.oid = o.oprnamespace
 WHERE n.nspname <> 'pg_catalog'
 ORDER BY 1
