-- Columns whose rows name tables by their OIDs. They are not asked which: that would be reading all of them.
SELECT format('%I.%I.%I', n.nspname, c.relname, a.attname) AS name
  FROM pg_catalog.pg_attribute a
  JOIN pg_catalog.pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem
 WHERE a.attnum > 0 AND NOT a.attisdropped
   AND 'pg_catalog.regclass'::pg_catalog.regtype IN (t.oid, t.typbasetype, e.oid, e.typbasetype)
   AND n.nspname !~ '^(pg_|information_schema$|eidolon$|eidolon_[0-9]+(_old)?$)'
 ORDER BY 1
