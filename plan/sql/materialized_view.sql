-- What a materialized view has beside its query. $1: its OID, $2: the table's.
SELECT -- the daemon lets the owner read the ghosts of the table and of other materialized views as a whole
       (SELECT coalesce(bool_and(CASE WHEN r.oid = $2 OR r.relkind = 'm' THEN has_table_privilege(c.relowner, r.oid, 'SELECT')
                                      ELSE NOT c.relispopulated OR has_any_column_privilege(c.relowner, r.oid, 'SELECT') END), true)
          FROM pg_catalog.pg_rewrite w JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = w.oid
          JOIN pg_catalog.pg_class r ON d.refclassid = 'pg_catalog.pg_class'::regclass AND r.oid = d.refobjid
         WHERE w.ev_class = c.oid AND r.oid <> c.oid AND r.relkind IN ('r', 'p', 'v', 'm', 'f')) AS owner_may_read,
       -- as check_enable_rls() has it; of what it reads through a view, the view's owner is asked
       EXISTS (SELECT FROM pg_catalog.pg_class t, pg_catalog.pg_roles o
                WHERE t.oid = $2 AND t.relrowsecurity AND o.oid = c.relowner AND NOT o.rolsuper AND NOT o.rolbypassrls
                  AND (t.relforcerowsecurity OR NOT pg_has_role(c.relowner, t.relowner, 'USAGE'))
                  AND EXISTS (SELECT FROM pg_catalog.pg_rewrite w JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = w.oid
                               WHERE w.ev_class = c.oid AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = t.oid)) AS bound_by_policies,
       -- whose type, or array type, has the name that the array type of a new one would bring: a relation, or 0
       (SELECT coalesce(nullif(y.typrelid, 0), e.typrelid, 0)
          FROM pg_catalog.pg_type y JOIN pg_catalog.pg_type own ON own.oid = c.reltype
          LEFT JOIN pg_catalog.pg_type e ON e.typarray = y.oid
         WHERE y.typnamespace = c.relnamespace AND y.typname = ('_' || c.relname)::name AND y.oid <> own.typarray)::oid
         AS array_type_of,
       c.relispopulated AS populated,
       coalesce((SELECT quote_ident(t.spcname) FROM pg_catalog.pg_tablespace t WHERE t.oid = c.reltablespace), '') AS tablespace,
       coalesce((SELECT quote_ident(m.amname) FROM pg_catalog.pg_am m WHERE m.oid = c.relam), 'heap') AS access_method,
       obj_description(c.oid, 'pg_class') AS comment,
       (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_catalog.pg_attribute a
         WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
       (SELECT array_agg(coalesce(col_description(c.oid, a.attnum), '') ORDER BY a.attnum) FROM pg_catalog.pg_attribute a
         WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS column_comments,
       (SELECT array_agg(pg_get_indexdef(i.indexrelid) ORDER BY x.relname) FROM pg_catalog.pg_index i
          JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
         WHERE i.indrelid = c.oid AND i.indisvalid) AS indexes,
       (SELECT array_agg(x.relname::text ORDER BY i.indexrelid) FROM pg_catalog.pg_index i
          JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid WHERE i.indrelid = c.oid AND i.indisclustered) AS clustered,
       -- what CREATE MATERIALIZED VIEW cannot say: after ALTER MATERIALIZED VIEW …
       (SELECT array_agg(x.detail ORDER BY x.attnum) FROM (
          SELECT a.attnum, format('ALTER COLUMN %I SET STATISTICS %s', a.attname, a.attstattarget) AS detail
            FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND a.attstattarget >= 0
          UNION ALL SELECT a.attnum, format('ALTER COLUMN %I SET (%s)', a.attname, o.list)
            FROM pg_catalog.pg_attribute a,
                 -- some minor versions keep a number of their own among the options
                 LATERAL (SELECT string_agg(u, ', ') AS list FROM unnest(a.attoptions) u WHERE NOT starts_with(u, 'pg_attver=')) o
           WHERE a.attrelid = c.oid AND a.attnum > 0 AND o.list IS NOT NULL
          UNION ALL SELECT a.attnum, format('ALTER COLUMN %I SET STORAGE %s', a.attname,
                       CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END)
            FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type y ON y.oid = a.atttypid
           WHERE a.attrelid = c.oid AND a.attnum > 0 AND a.attstorage <> y.typstorage
          UNION ALL SELECT a.attnum, format('ALTER COLUMN %I SET COMPRESSION %s', a.attname,
                       CASE a.attcompression WHEN 'l' THEN 'lz4' ELSE 'pglz' END)
            FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND a.attcompression <> ''
          UNION ALL SELECT 0, format('SET (%s)', (SELECT string_agg('toast.' || o, ', ') FROM unnest(t.reloptions) o))
            FROM pg_catalog.pg_class t WHERE t.oid = c.reltoastrelid AND t.reloptions IS NOT NULL) x) AS details,
       -- the same of its indexes; {schema}: where they are then
       (SELECT array_agg(x.detail ORDER BY x.detail COLLATE "C") FROM (
          SELECT i.indexrelid, format('ALTER INDEX {schema}.%I SET TABLESPACE %I', k.relname, s.spcname) AS detail
            FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class k ON k.oid = i.indexrelid
            JOIN pg_catalog.pg_tablespace s ON s.oid = k.reltablespace WHERE i.indrelid = c.oid AND i.indisvalid
          UNION ALL SELECT i.indexrelid, format('COMMENT ON INDEX {schema}.%I IS %L', k.relname, obj_description(i.indexrelid, 'pg_class'))
            FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class k ON k.oid = i.indexrelid
           WHERE i.indrelid = c.oid AND i.indisvalid AND obj_description(i.indexrelid, 'pg_class') IS NOT NULL
          UNION ALL SELECT i.indexrelid, format('ALTER INDEX {schema}.%I ALTER COLUMN %s SET STATISTICS %s', k.relname, a.attnum, a.attstattarget)
            FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class k ON k.oid = i.indexrelid JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indexrelid AND a.attstattarget >= 0
           WHERE i.indrelid = c.oid AND i.indisvalid) x) AS index_details,
       (SELECT array_agg(format('SECURITY LABEL FOR %I ON %s{name}%s IS %L', l.provider,
                                CASE WHEN l.objsubid = 0 THEN 'MATERIALIZED VIEW ' ELSE 'COLUMN ' END, '.' || quote_ident(a.attname), l.label)
                         ORDER BY l.objsubid, l.provider)
          FROM pg_catalog.pg_seclabel l LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = l.objsubid AND l.objsubid <> 0
         WHERE l.classoid = 'pg_catalog.pg_class'::regclass AND l.objoid = c.oid) AS labels,
       -- views that read it, by name, owner, options and query
       (SELECT array_agg(format('%s', v.oid) ORDER BY v.oid) FROM pg_catalog.pg_class v
         WHERE v.relkind = 'v' AND EXISTS (SELECT FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_rewrite w ON w.oid = d.objid
                WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
                  AND d.refobjid = c.oid AND w.ev_class = v.oid)) AS readers
  FROM pg_catalog.pg_class c
 WHERE c.oid = $1
