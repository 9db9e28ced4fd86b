-- The extended statistics of a table. $1: the table's OID.
SELECT s.oid, n.nspname AS schema, s.stxname AS name, pg_get_statisticsobjdef(s.oid) AS definition,
       coalesce(s.stxstattarget, -1)::int AS target, pg_get_userbyid(s.stxowner) AS owner,
       obj_description(s.oid, 'pg_statistic_ext') AS comment,
       CASE WHEN NOT pg_has_role(s.stxowner, 'USAGE') THEN pg_get_userbyid(s.stxowner) END AS missing_owner,
       CASE WHEN NOT (has_schema_privilege(n.oid, 'USAGE') AND has_schema_privilege(n.oid, 'CREATE')) THEN n.nspname::text END AS missing_schema
  FROM pg_catalog.pg_statistic_ext s
  JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace
 WHERE s.stxrelid = $1
 ORDER BY s.oid
