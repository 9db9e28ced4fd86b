-- The same for a function or procedure: $1 the old one, $2 the new one, $3 the new one's qualified signature. An owner who
-- may not use a schema that the signature names cannot name the function; for him it is granted by whoever acts for him.
WITH old AS (SELECT p.proacl, p.proowner FROM pg_catalog.pg_proc p WHERE p.oid = $1),
named(by_owner) AS (
  SELECT bool_and(has_schema_privilege(p.proowner, n.oid, 'USAGE'))
    FROM pg_catalog.pg_proc p,
         unnest(p.pronamespace || ARRAY(SELECT y.typnamespace FROM pg_catalog.pg_type y WHERE y.oid = ANY (p.proargtypes))) n(oid)
   WHERE p.oid = $2),
new AS (SELECT coalesce(p.proacl, acldefault('f', p.proowner)) AS proacl FROM pg_catalog.pg_proc p WHERE p.oid = $2),
role_of(oid, name) AS (
  SELECT 0::oid, 'PUBLIC' UNION ALL SELECT r.oid, quote_ident(r.rolname) FROM pg_catalog.pg_roles r)
SELECT 0 AS step, 0 AS ord, format('REVOKE ALL ON ROUTINE %s FROM %s', $3::text, r.name) AS statement
  FROM (SELECT DISTINCT x.grantee FROM new, aclexplode(new.proacl) x) u JOIN role_of r ON r.oid = u.grantee
UNION ALL
SELECT CASE WHEN x.grantor = old.proowner THEN 1 ELSE 2 END, x.ord,
       format(CASE WHEN x.grantor = old.proowner AND NOT named.by_owner THEN '%2$s' ELSE 'SET LOCAL ROLE %1$s; %2$s; RESET ROLE' END, g.name,
              format('GRANT %s ON ROUTINE %s TO %s%s', x.privilege_type, $3::text, r.name,
                     CASE WHEN x.is_grantable AND x.grantee <> old.proowner THEN ' WITH GRANT OPTION' ELSE '' END))
  FROM named, old, aclexplode(coalesce(old.proacl, acldefault('f', old.proowner)))
         WITH ORDINALITY x(grantor, grantee, privilege_type, is_grantable, ord)
  JOIN role_of g ON g.oid = x.grantor JOIN role_of r ON r.oid = x.grantee
ORDER BY step, ord
