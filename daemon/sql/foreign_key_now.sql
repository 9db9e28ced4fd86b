-- What the statement that validates a foreign key ($1) is now, and who owns its table, whatever they are called.
SELECT format('ALTER TABLE %I.%I VALIDATE CONSTRAINT %I', n.nspname, c.relname, k.conname) AS statement,
       pg_get_userbyid(c.relowner) AS owner, k.convalidated AS valid
  FROM pg_catalog.pg_constraint k
  JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE k.oid = $1 AND k.contype = 'f'
