-- Why the rows of a table cannot be streamed; an empty text: they can. $1: the table's OID.
-- COPY evaluates the owner's expressions as the session's role, which must have no right that the owner has not.
SELECT CASE
    WHEN NOT (o.rolname = current_user
              OR o.rolsuper AND (SELECT r.rolsuper FROM pg_catalog.pg_roles r WHERE r.rolname = current_user))
      THEN 'the daemon''s role is not the table''s owner'
    WHEN c.relkind <> 'r' OR c.relispartition
      THEN 'the table is partitioned'
    WHEN current_setting('server_encoding') <> 'UTF8'
      THEN 'the database''s encoding is not UTF8'
    WHEN EXISTS (SELECT FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
                   LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem
                  WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                    AND (ARRAY['xml', 'tsquery']::regtype[]::oid[] && ARRAY[t.oid, t.typbasetype, e.oid, e.typbasetype]
                         OR 'c' IN (t.typtype, e.typtype)
                         -- of domains too; an array can keep a bitmap of NULLs that it has no more, and is received without
                         OR t.typcategory IN ('A', 'C')
                         -- and of what an extension receives nothing is known; labels of enums are sent by name
                         OR t.oid >= 16384 AND t.typtype <> 'e' AND NOT (t.typtype = 'd' AND t.typbasetype < 16384)))
      THEN 'a column is an array, of a composite type, of one that is not PostgreSQL''s own, xml or tsquery'
    WHEN pg_relation_size(c.reltoastrelid) > 0
      THEN 'values are stored out of line'
    ELSE '' END AS obstacle
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_roles o ON o.oid = c.relowner
 WHERE c.oid = $1
