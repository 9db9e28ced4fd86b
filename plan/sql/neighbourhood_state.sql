-- Fingerprint of what hangs on a table and was planned to be carried over: the catalog rows by which it would change.
-- No definition is printed, so that no lock is taken. $1: the table's OID, $2: the job's schema.
WITH RECURSIVE {tree}, {materialized}, texts(classid, objid, at_swap) AS (
  -- whose definitions mention things by their names; at_swap: they are read again in the swap, and not before it
  SELECT DISTINCT d.classid, d.objid,
         CASE WHEN d.classid = 'pg_catalog.pg_rewrite'::regclass
              THEN (SELECT w.ev_class FROM pg_catalog.pg_rewrite w WHERE w.oid = d.objid) NOT IN (SELECT m.oid FROM materialized m)
              ELSE d.classid IN ('pg_catalog.pg_policy'::regclass, 'pg_catalog.pg_trigger'::regclass, 'pg_catalog.pg_proc'::regclass) END
    FROM pg_catalog.pg_depend d
   WHERE d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid IN (SELECT x.oid FROM tree x UNION SELECT m.oid FROM materialized m)
     AND d.classid IN ('pg_catalog.pg_constraint'::regclass, 'pg_catalog.pg_rewrite'::regclass, 'pg_catalog.pg_policy'::regclass,
                       'pg_catalog.pg_trigger'::regclass, 'pg_catalog.pg_proc'::regclass, 'pg_catalog.pg_statistic_ext'::regclass)
     AND (d.classid <> 'pg_catalog.pg_trigger'::regclass  -- the job's own come and go
          OR NOT EXISTS (SELECT FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
                           JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE t.oid = d.objid AND n.nspname = $2))
  UNION ALL
  SELECT 'pg_catalog.pg_class'::regclass, i.indexrelid, false FROM pg_catalog.pg_index i
   WHERE i.indrelid IN (SELECT x.oid FROM tree x UNION SELECT m.oid FROM materialized m)
  UNION ALL
  SELECT d.classid, d.objid, true FROM pg_catalog.pg_type y JOIN pg_catalog.pg_depend d ON d.refobjid IN (y.oid, y.typarray)
   WHERE y.typrelid = $1 AND d.refclassid = 'pg_catalog.pg_type'::regclass AND d.classid = 'pg_catalog.pg_proc'::regclass
), held(oid) AS (
  -- types of the constants in what the swap reads, and those inside them
  SELECT t.refobjid FROM texts o
    JOIN pg_catalog.pg_depend t ON t.classid = o.classid AND t.objid = o.objid AND t.refclassid = 'pg_catalog.pg_type'::regclass
   WHERE o.at_swap
  UNION
  SELECT n.type FROM held h JOIN pg_catalog.pg_type y ON y.oid = h.oid,
         LATERAL (SELECT y.typelem AS type WHERE y.typelem <> 0
                  UNION ALL SELECT y.typbasetype WHERE y.typbasetype <> 0
                  UNION ALL SELECT a.atttypid FROM pg_catalog.pg_attribute a
                             WHERE a.attrelid = y.typrelid AND y.typrelid <> 0 AND a.attnum > 0 AND NOT a.attisdropped
                  UNION ALL SELECT r.rngsubtype FROM pg_catalog.pg_range r WHERE r.rngtypid = y.oid) n
)
SELECT encode(sha256(convert_to(coalesce(string_agg(x.item, '|' ORDER BY x.item), ''), getdatabaseencoding())), 'hex') AS state
  FROM (
    SELECT concat_ws(' ', 'k', k.oid, k.xmin, obj_description(k.oid, 'pg_constraint')) AS item FROM pg_catalog.pg_constraint k
     WHERE k.contype = 'f' AND (k.conrelid IN (SELECT x.oid FROM tree x) OR k.confrelid = $1
                              OR k.conparentid = 0 AND k.confrelid IN (SELECT x.oid FROM tree x))
    UNION ALL SELECT concat_ws(' ', 't', t.oid, t.xmin, obj_description(t.oid, 'pg_trigger')) FROM pg_catalog.pg_trigger t
      JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
     WHERE t.tgrelid IN (SELECT x.oid FROM tree x) AND NOT t.tgisinternal AND t.tgparentid = 0 AND n.nspname <> $2
    UNION ALL SELECT concat_ws(' ', 'p', p.oid, p.xmin, obj_description(p.oid, 'pg_policy'),
             (SELECT string_agg(o.rolname::text, ',') FROM pg_catalog.pg_roles o WHERE o.oid = ANY (p.polroles))) FROM pg_catalog.pg_policy p WHERE p.polrelid IN (SELECT x.oid FROM tree x)
    UNION ALL SELECT concat_ws(' ', 's', s.oid, s.xmin, s.stxnamespace::regnamespace, obj_description(s.oid, 'pg_statistic_ext')) FROM pg_catalog.pg_statistic_ext s WHERE s.stxrelid IN (SELECT x.oid FROM tree x)
    UNION ALL SELECT concat_ws(' ', 'u', r.oid, r.xmin, b.pubname) FROM pg_catalog.pg_publication_rel r
      JOIN pg_catalog.pg_publication b ON b.oid = r.prpubid WHERE r.prrelid IN (SELECT x.oid FROM tree x)
    UNION ALL SELECT DISTINCT concat_ws(' ', 'w', w.oid, w.xmin, c.relname, c.relnamespace::regnamespace, c.relowner,
                                        array_to_string(c.reloptions, ','), obj_description(w.oid, 'pg_rewrite'),
                                        (SELECT string_agg(a.attname::text, ',' ORDER BY a.attnum) FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid))
      FROM pg_catalog.pg_depend d
      JOIN pg_catalog.pg_rewrite w ON w.oid = d.objid JOIN pg_catalog.pg_class c ON c.oid = w.ev_class
     WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid IN (SELECT x.oid FROM tree x)
    -- what hangs on materialized views of the table: indexes, views, other materialized views
    UNION ALL SELECT concat_ws(' ', 'm', m.oid, m.relname, m.relnamespace::regnamespace, m.relowner, m.relispopulated, array_to_string(m.reloptions, ','),
                               (SELECT array_to_string(t.reloptions, ',') FROM pg_catalog.pg_class t WHERE t.oid = m.reltoastrelid),
                               has_table_privilege(m.relowner, $1, 'SELECT'),
                               (SELECT string_agg(ROW(a.attnum, a.attname, a.attstattarget, a.attstorage, a.attcompression, array_to_string(a.attoptions, ','))::text, ',' ORDER BY a.attnum)
                                  FROM pg_catalog.pg_attribute a WHERE a.attrelid = m.oid AND a.attnum > 0),
                               (SELECT string_agg(ROW(d.objsubid, d.description)::text, ',' ORDER BY d.objsubid)
                                  FROM pg_catalog.pg_description d WHERE d.classoid = 'pg_catalog.pg_class'::regclass AND d.objoid = m.oid))
      FROM materialized x JOIN pg_catalog.pg_class m ON m.oid = x.oid
    UNION ALL SELECT concat_ws(' ', 'i', i.indexrelid, i.xmin, c.relname, c.reltablespace, array_to_string(c.reloptions, ','), obj_description(c.oid, 'pg_class'),
                               (SELECT string_agg(ROW(a.attnum, a.attstattarget)::text, ',' ORDER BY a.attnum) FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid))
      FROM materialized m JOIN pg_catalog.pg_index i ON i.indrelid = m.oid JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
    UNION ALL SELECT DISTINCT concat_ws(' ', 'v', w.oid, w.xmin, v.relname, v.relnamespace::regnamespace, v.relowner,
                                        array_to_string(v.reloptions, ','),
                                        (SELECT string_agg(a.attname::text, ',' ORDER BY a.attnum) FROM pg_catalog.pg_attribute a WHERE a.attrelid = v.oid))
      FROM materialized m
      JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = m.oid
      JOIN pg_catalog.pg_rewrite w ON w.oid = d.objid JOIN pg_catalog.pg_class v ON v.oid = w.ev_class AND v.oid <> m.oid
    UNION ALL SELECT DISTINCT concat_ws(' ', 'f', p.oid, p.xmin, p.pronamespace::regnamespace)
      FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_proc p ON p.oid = d.objid
     WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid IN (SELECT x.oid FROM tree x)
    UNION ALL SELECT DISTINCT concat_ws(' ', 'F', p.oid, p.xmin, obj_description(p.oid, 'pg_proc'), n.nspname, o.rolname)
      FROM pg_catalog.pg_type y JOIN pg_catalog.pg_depend d ON d.refobjid IN (y.oid, y.typarray)
      JOIN pg_catalog.pg_proc p ON p.oid = d.objid
      JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace JOIN pg_catalog.pg_roles o ON o.oid = p.proowner
     WHERE y.typrelid = $1 AND d.refclassid = 'pg_catalog.pg_type'::regclass AND d.classid = 'pg_catalog.pg_proc'::regclass
    UNION ALL SELECT concat_ws(' ', 'l', l.classoid, l.objoid, l.objsubid, l.provider, l.label) FROM pg_catalog.pg_seclabel l
     WHERE l.classoid = 'pg_catalog.pg_class'::regclass
           AND (l.objoid IN (SELECT x.oid FROM tree x UNION ALL SELECT m.oid FROM materialized m)
                OR EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = l.classoid AND d.objid = l.objoid AND d.deptype = 'i'
                              AND d.refclassid = l.classoid AND d.refobjid IN (SELECT x.oid FROM tree x)))
        OR l.classoid = 'pg_catalog.pg_type'::regclass
           AND l.objoid IN (SELECT c.reltype FROM pg_catalog.pg_class c WHERE c.oid IN (SELECT x.oid FROM tree x))
    -- of other tables
    UNION ALL SELECT DISTINCT concat_ws(' ', 'P', p.oid, p.xmin)
      FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_policy p ON p.oid = d.objid
     WHERE d.classid = 'pg_catalog.pg_policy'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = $1
    UNION ALL SELECT concat_ws(' ', 'T', t.oid, t.xmin, obj_description(t.oid, 'pg_trigger'))
      FROM pg_catalog.pg_trigger t WHERE t.tgconstrrelid = $1 AND NOT t.tgisinternal
    -- by what names the definitions mention columns and tables, others too; REINDEX CONCURRENTLY puts another index in the place of one
    UNION ALL SELECT DISTINCT concat_ws(' ', 'n', c.oid, a.attnum, a.attname, c.relname, c.relnamespace::regnamespace)
      FROM texts o
      JOIN pg_catalog.pg_depend r ON r.classid = o.classid AND r.objid = o.objid AND r.refclassid = 'pg_catalog.pg_class'::regclass
      JOIN pg_catalog.pg_class c ON c.oid = r.refobjid AND c.relkind NOT IN ('i', 'I')
      LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = r.refobjid AND a.attnum = r.refobjsubid
     WHERE o.classid <> 'pg_catalog.pg_class'::regclass
    UNION ALL SELECT concat_ws(' ', 'y', c.oid, obj_description(c.reltype, 'pg_type'))
      FROM pg_catalog.pg_class c WHERE c.oid IN (SELECT x.oid FROM tree x)
    -- types by whose names the definitions, and those of indexes, mention them
    UNION ALL SELECT DISTINCT concat_ws(' ', 'Y', y.oid, y.typname, y.typnamespace::regnamespace, y.typtype)
      FROM texts o
      JOIN pg_catalog.pg_depend t ON t.classid = o.classid AND t.objid = o.objid AND t.refclassid = 'pg_catalog.pg_type'::regclass
      JOIN pg_catalog.pg_type y ON y.oid = t.refobjid
    -- labels of enums
    UNION ALL SELECT concat_ws(' ', 'e', e.enumtypid, string_agg(quote_literal(e.enumlabel::text), ',' ORDER BY e.enumsortorder))
      FROM pg_catalog.pg_enum e WHERE e.enumtypid IN (SELECT h.oid FROM held h) GROUP BY e.enumtypid
    -- functions, and whatever else the definitions call by its name
    UNION ALL SELECT concat_ws(' ', 'N', d.refclassid, (pg_identify_object(d.refclassid, d.refobjid, 0)).identity)
      FROM (SELECT DISTINCT t.refclassid, t.refobjid FROM texts o
              JOIN pg_catalog.pg_depend t ON t.classid = o.classid AND t.objid = o.objid
             WHERE o.at_swap AND t.refclassid IN ('pg_catalog.pg_proc'::regclass, 'pg_catalog.pg_operator'::regclass,
                                                  'pg_catalog.pg_collation'::regclass, 'pg_catalog.pg_ts_config'::regclass,
                                                  'pg_catalog.pg_ts_dict'::regclass)) d
    UNION ALL SELECT concat_ws(' ', 'b', r.srrelid, r.srsubid) FROM pg_catalog.pg_subscription_rel r WHERE r.srrelid IN (SELECT x.oid FROM tree x)
    UNION ALL SELECT concat_ws(' ', 'r', c.relrowsecurity, c.relforcerowsecurity) FROM pg_catalog.pg_class c WHERE c.oid = $1
  ) x
