-- Statements that give the new table ($2) the privileges of the old one ($1), each granted by its
-- grantor. $3: the new table's qualified name; $4, $5: names of the columns that survive, before and after. System
-- columns can be granted as well.
-- Whatever default privileges put on the new table is taken away first.
WITH old AS (SELECT c.relacl, c.relowner FROM pg_catalog.pg_class c WHERE c.oid = $1),
new AS (SELECT c.relacl, c.relowner FROM pg_catalog.pg_class c WHERE c.oid = $2),
role_of(oid, name) AS (
  SELECT 0::oid, 'PUBLIC' UNION ALL SELECT r.oid, quote_ident(r.rolname) FROM pg_catalog.pg_roles r),
unwanted AS (
  SELECT DISTINCT x.grantee FROM new, aclexplode(new.relacl) x
   WHERE x.grantee <> new.relowner OR (SELECT relacl FROM old) IS NOT NULL
  UNION SELECT old.relowner FROM old WHERE old.relacl IS NOT NULL),
kept(before, after) AS (
  SELECT * FROM unnest($4::text[], $5::text[])
  UNION ALL SELECT a.attname::text, a.attname::text FROM pg_catalog.pg_attribute a WHERE a.attrelid = $1 AND a.attnum < 0),
wanted AS (
  SELECT x.grantor, x.grantee, x.is_grantable, x.privilege_type AS privilege, x.ord, old.relowner
    FROM old, aclexplode(old.relacl) WITH ORDINALITY x(grantor, grantee, privilege_type, is_grantable, ord)
  UNION ALL
  SELECT x.grantor, x.grantee, x.is_grantable, format('%s (%I)', x.privilege_type, k.after), 1000 + x.ord, old.relowner
    FROM old, kept k
    JOIN pg_catalog.pg_attribute a ON a.attrelid = $1 AND a.attname = k.before AND NOT a.attisdropped,
         aclexplode(a.attacl) WITH ORDINALITY x(grantor, grantee, privilege_type, is_grantable, ord))
SELECT 0 AS step, 0 AS ord, format('REVOKE ALL ON TABLE %s FROM %s', $3::text, r.name) AS statement
  FROM unwanted u JOIN role_of r ON r.oid = u.grantee
UNION ALL
SELECT CASE WHEN w.grantor = w.relowner THEN 1 ELSE 2 END, w.ord,
       format('SET LOCAL ROLE %s; GRANT %s ON TABLE %s TO %s%s; RESET ROLE', g.name, w.privilege, $3::text, r.name,
              CASE WHEN w.is_grantable AND w.grantee <> w.relowner THEN ' WITH GRANT OPTION' ELSE '' END)
  FROM wanted w JOIN role_of g ON g.oid = w.grantor JOIN role_of r ON r.oid = w.grantee
ORDER BY step, ord
