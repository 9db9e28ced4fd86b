-- What a role lacks for a foreign key to some columns of a table. $1: the table's OID, $2: the columns' names, $3: the role, or an
-- empty text: the daemon's.
SELECT format('%I.%I', n.nspname, c.relname) AS name,
       CASE WHEN NOT has_schema_privilege(r.name, n.oid, 'USAGE') THEN n.nspname::text END AS missing_schema,
       EXISTS (SELECT FROM unnest($2::text[]) u(name) WHERE NOT has_column_privilege(r.name, c.oid, u.name, 'REFERENCES'))
         AS may_not_refer
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace,
       LATERAL (SELECT coalesce(nullif($3::text, '')::name, current_user) AS name) r
 WHERE c.oid = $1
