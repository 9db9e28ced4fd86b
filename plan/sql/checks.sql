-- The CHECK constraints of a table. $1: the table's OID.
SELECT k.conname AS name,
       pg_get_constraintdef(k.oid) AS definition,
       k.convalidated AS validated,
       k.coninhcount > 0 AS inherited,
       obj_description(k.oid, 'pg_constraint') AS comment
  FROM pg_catalog.pg_constraint k
 WHERE k.conrelid = $1 AND k.contype = 'c'
 ORDER BY k.oid
