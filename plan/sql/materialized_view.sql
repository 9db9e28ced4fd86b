-- What a materialized view has beside its query. $1: its OID, $2: the table's.
SELECT has_table_privilege(c.relowner, $2::oid, 'SELECT') AS owner_may_read, c.relispopulated AS populated,
       coalesce((SELECT quote_ident(t.spcname) FROM pg_catalog.pg_tablespace t WHERE t.oid = c.reltablespace), '') AS tablespace,
       obj_description(c.oid, 'pg_class') AS comment,
       (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_catalog.pg_attribute a
         WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
       (SELECT array_agg(coalesce(col_description(c.oid, a.attnum), '') ORDER BY a.attnum) FROM pg_catalog.pg_attribute a
         WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS column_comments,
       (SELECT array_agg(pg_get_indexdef(i.indexrelid) ORDER BY i.indexrelid) FROM pg_catalog.pg_index i
         WHERE i.indrelid = c.oid AND i.indisvalid) AS indexes,
       (SELECT array_agg(x.relname::text ORDER BY i.indexrelid) FROM pg_catalog.pg_index i
          JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid WHERE i.indrelid = c.oid AND i.indisclustered) AS clustered,
       -- views that read it, by name, owner, options and query
       (SELECT array_agg(format('%s', v.oid) ORDER BY v.oid) FROM pg_catalog.pg_class v
         WHERE v.relkind = 'v' AND EXISTS (SELECT FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_rewrite w ON w.oid = d.objid
                WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
                  AND d.refobjid = c.oid AND w.ev_class = v.oid)) AS readers
  FROM pg_catalog.pg_class c
 WHERE c.oid = $1
