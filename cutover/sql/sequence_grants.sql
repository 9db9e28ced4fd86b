-- The same for a sequence: $1 the old one, $2 the new one, $3 the new one's qualified name.
WITH old AS (SELECT c.relacl, c.relowner FROM pg_catalog.pg_class c WHERE c.oid = $1::regclass),
new AS (SELECT c.relacl, c.relowner FROM pg_catalog.pg_class c WHERE c.oid = $2::regclass),
role_of(oid, name) AS (
  SELECT 0::oid, 'PUBLIC' UNION ALL SELECT r.oid, quote_ident(r.rolname) FROM pg_catalog.pg_roles r),
unwanted AS (
  SELECT DISTINCT x.grantee FROM new, aclexplode(new.relacl) x
   WHERE x.grantee <> new.relowner OR (SELECT relacl FROM old) IS NOT NULL
  UNION SELECT old.relowner FROM old WHERE old.relacl IS NOT NULL)
SELECT 0 AS step, 0 AS ord, format('REVOKE ALL ON SEQUENCE %s FROM %s', $3::text, r.name) AS statement
  FROM unwanted u JOIN role_of r ON r.oid = u.grantee
UNION ALL
SELECT CASE WHEN x.grantor = old.relowner THEN 1 ELSE 2 END, x.ord,
       format('SET LOCAL ROLE %s; GRANT %s ON SEQUENCE %s TO %s%s; RESET ROLE', g.name, x.privilege_type, $3::text, r.name,
              CASE WHEN x.is_grantable AND x.grantee <> old.relowner THEN ' WITH GRANT OPTION' ELSE '' END)
  FROM old, aclexplode(old.relacl) WITH ORDINALITY x(grantor, grantee, privilege_type, is_grantable, ord)
  JOIN role_of g ON g.oid = x.grantor JOIN role_of r ON r.oid = x.grantee
ORDER BY step, ord
