-- The table whose qualified name, each part in quotes or quoted as format('%I') does, is $1; whether the daemon's role may lock it, and each of its
-- partitions by itself.
SELECT c.oid, c.relkind = 'p' AS is_partitioned, m.may AS may_lock,
       m.may AND (SELECT coalesce(bool_and(has_schema_privilege(x.relnamespace, 'USAGE') AND has_table_privilege(x.oid, 'UPDATE, DELETE, TRUNCATE')), true)
                    FROM pg_catalog.pg_partition_tree(c.oid) t JOIN pg_catalog.pg_class x ON x.oid = t.relid) AS may_lock_each
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace,
       LATERAL (SELECT has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'UPDATE, DELETE, TRUNCATE') AS may) m
 WHERE $1 IN (format('"%s"."%s"', replace(n.nspname, '"', '""'), replace(c.relname, '"', '""')),
              format('%I.%I', n.nspname, c.relname))
