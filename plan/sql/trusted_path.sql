-- Those of some schemas ($2), in their order, in which nobody may create anything but a role ($1), superusers and the
-- daemon's role: what an expression of that role calls without a schema is found there as natively, and is not planted.
WITH trusted(oid) AS (
  SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolsuper OR r.rolname IN ($1, current_user)
), owners(oid) AS (
  SELECT t.oid FROM trusted t
  -- pg_database_owner, which is the database's owner
  UNION ALL SELECT 6171 FROM pg_catalog.pg_database d WHERE d.datname = current_database() AND d.datdba IN (SELECT t.oid FROM trusted t)
)
SELECT n.nspname AS schema
  FROM unnest($2::text[]) WITH ORDINALITY s(name, place)
  JOIN pg_catalog.pg_namespace n ON n.nspname = s.name
 WHERE n.nspname <> 'pg_catalog' AND n.nspowner IN (SELECT o.oid FROM owners o)
   AND NOT EXISTS (SELECT FROM aclexplode(n.nspacl) x WHERE x.privilege_type = 'CREATE' AND x.grantee NOT IN (SELECT o.oid FROM owners o))
 ORDER BY s.place
