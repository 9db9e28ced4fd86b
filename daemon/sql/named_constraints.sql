-- The foreign keys that these statements of a plan validate ($1: text[]). A plan names tables as format('%I') does, or with
-- quotes in any case. Row n is of the n-th statement.
SELECT s.n, k.oid
  FROM unnest($1::text[]) WITH ORDINALITY s(statement, n)
  JOIN pg_catalog.pg_constraint k ON k.contype = 'f'
  JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
  JOIN pg_catalog.pg_namespace m ON m.oid = c.relnamespace
 WHERE s.statement IN (
   format('ALTER TABLE %I.%I VALIDATE CONSTRAINT "%s"', m.nspname, c.relname, replace(k.conname, '"', '""')),
   format('ALTER TABLE "%s"."%s" VALIDATE CONSTRAINT "%s"', replace(m.nspname, '"', '""'), replace(c.relname, '"', '""'),
          replace(k.conname, '"', '""')))
