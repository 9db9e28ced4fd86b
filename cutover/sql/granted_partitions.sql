-- Partitions of the old table ($1) and those that took their places ($2, in the same order; qualified and quoted names), where
-- privileges were granted on one of them.
SELECT old.oid AS old_oid, new.oid AS new_oid, p.after AS name
  FROM unnest($1::text[], $2::text[]) WITH ORDINALITY p(before, after, place)
  JOIN pg_catalog.pg_class old ON old.oid = p.before::regclass
  JOIN pg_catalog.pg_class new ON new.oid = p.after::regclass
 WHERE old.relacl IS NOT NULL OR new.relacl IS NOT NULL
    OR EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = old.oid AND a.attacl IS NOT NULL)
 ORDER BY p.place
