-- The schemas of the operators, but pg_catalog's, that are used by what hangs on some tables and views ($1): by their
-- triggers, policies, rules and the views themselves, and by some functions ($2); which of the tables and views these
-- hang on; and whether any of them, or of the functions, belongs to somebody else than a role ($3).
WITH carriers(class, oid, relation) AS (
  SELECT 'pg_trigger'::regclass, t.oid, t.tgrelid FROM pg_trigger t WHERE t.tgrelid = ANY ($1::oid[])
  UNION ALL SELECT 'pg_policy'::regclass, p.oid, p.polrelid FROM pg_policy p WHERE p.polrelid = ANY ($1::oid[])
  UNION ALL SELECT 'pg_rewrite'::regclass, r.oid, r.ev_class FROM pg_rewrite r WHERE r.ev_class = ANY ($1::oid[])
  UNION ALL SELECT 'pg_proc'::regclass, f.name::regprocedure::oid, 0 FROM unnest($2::text[]) f(name)
), owners(role) AS (
  SELECT pg_get_userbyid(c.relowner) FROM pg_class c WHERE c.oid = ANY ($1::oid[])
  UNION ALL SELECT pg_get_userbyid(p.proowner) FROM unnest($2::text[]) f(name) JOIN pg_proc p ON p.oid = f.name::regprocedure::oid
)
SELECT n.nspname AS schema, array_agg(DISTINCT x.relation::bigint::text) AS relations,
       (SELECT coalesce(bool_or(o.role <> $3), false) FROM owners o) AS of_strangers
  FROM carriers x
  JOIN pg_depend d ON d.classid = x.class AND d.objid = x.oid AND d.refclassid = 'pg_operator'::regclass
  JOIN pg_operator o ON o.oid = d.refobjid
  JOIN pg_namespace n ON n.oid = o.oprnamespace
 WHERE n.nspname <> 'pg_catalog'
 GROUP BY n.nspname
 ORDER BY 1
