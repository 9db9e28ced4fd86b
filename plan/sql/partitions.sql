-- The partitions below a table, each after its parent. $1: the table's OID.
WITH RECURSIVE below(oid, parent, level) AS (
  SELECT h.inhrelid, h.inhparent, 1 FROM pg_catalog.pg_inherits h
    JOIN pg_catalog.pg_class c ON c.oid = h.inhrelid AND c.relispartition WHERE h.inhparent = $1
  UNION ALL
  SELECT h.inhrelid, h.inhparent, b.level + 1 FROM below b
    JOIN pg_catalog.pg_inherits h ON h.inhparent = b.oid
    JOIN pg_catalog.pg_class c ON c.oid = h.inhrelid AND c.relispartition)
SELECT c.oid, p.relname AS parent, n.nspname AS schema, c.relname AS name, c.relkind AS kind, c.relpersistence AS persistence,
       pg_get_userbyid(c.relowner) AS owner,
       coalesce((SELECT m.amname FROM pg_catalog.pg_am m WHERE m.oid = c.relam), '') AS access_method,
       NOT (has_schema_privilege(n.oid, 'CREATE') AND has_schema_privilege(n.oid, 'USAGE')) AS may_not_create,
       NOT has_schema_privilege(c.relowner, n.oid, 'USAGE') AS owner_may_not_use,
       pg_get_expr(c.relpartbound, c.oid) AS bound,
       coalesce(CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END, '') AS partition_key,
       (SELECT h.inhdetachpending FROM pg_catalog.pg_inherits h WHERE h.inhrelid = c.oid) AS detaching,
       c.relrowsecurity AND c.relforcerowsecurity
         AND NOT (SELECT r.rolsuper OR r.rolbypassrls FROM pg_catalog.pg_roles r WHERE r.oid = c.relowner) AS hidden_from_owner,
       c.relrowsecurity OR c.relforcerowsecurity OR c.relhasrules OR c.relhastriggers
         OR EXISTS (SELECT FROM pg_catalog.pg_policy o WHERE o.polrelid = c.oid)
         OR EXISTS (SELECT FROM pg_catalog.pg_statistic_ext s WHERE s.stxrelid = c.oid)
         OR EXISTS (SELECT FROM pg_catalog.pg_publication_rel r WHERE r.prrelid = c.oid)
         -- where it is partitioned again, its own has no trigger there
         OR EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.conparentid = 0)
         OR obj_description(c.reltype, 'pg_type') IS NOT NULL AS has_neighbours,
       EXISTS (SELECT FROM pg_catalog.pg_extension x JOIN pg_catalog.pg_depend d ON d.refobjid = x.oid
                WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e') AS extension_member
  FROM below b
  JOIN pg_catalog.pg_class c ON c.oid = b.oid
  JOIN pg_catalog.pg_class p ON p.oid = b.parent
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 ORDER BY b.level, b.oid
