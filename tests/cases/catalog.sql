-- What pg_dump does not show of tables, columns, indexes, constraints and sequences, one line each.
-- test.without: a LIKE-free pattern of schemas to leave out, as pg_dump's --exclude-schema takes it (a * at its end).
WITH spaces AS (
  SELECT oid, nspname FROM pg_catalog.pg_namespace
   WHERE nspname !~ '^(pg_|information_schema$|eidolon$)'
     AND (current_setting('test.without') = '' OR NOT starts_with(nspname, rtrim(current_setting('test.without'), '*')))
), tables AS (
  SELECT c.*, s.nspname FROM pg_catalog.pg_class c JOIN spaces s ON s.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'm')
)
SELECT format('table %I.%I persistence=%s identity=%s rls=%s/%s options=%s toast=%s space=%s type=%s array=%s comment=%s', t.nspname, t.relname,
              t.relpersistence, t.relreplident, t.relrowsecurity, t.relforcerowsecurity, t.reloptions,
              (SELECT o.reloptions FROM pg_catalog.pg_class o WHERE o.oid = t.reltoastrelid), t.reltablespace,
              y.typname || ':' || y.typowner::regrole || ':' || coalesce(y.typacl::text, ''),
              (SELECT a.typname FROM pg_catalog.pg_type a WHERE a.oid = y.typarray), obj_description(y.oid, 'pg_type')) AS line
  FROM tables t JOIN pg_catalog.pg_type y ON y.oid = t.reltype
UNION ALL
SELECT format('column %I.%I.%I place=%s type=%s null=%s default=%s identity=%s generated=%s storage=%s compression=%s target=%s collation=%s acl=%s options=%s local=%s/%s',
              t.nspname, t.relname, a.attname, row_number() OVER (PARTITION BY t.oid ORDER BY a.attnum),
              format_type(a.atttypid, a.atttypmod), NOT a.attnotnull, pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated,
              a.attstorage, a.attcompression, a.attstattarget, a.attcollation::regcollation, a.attacl,
              -- some minor versions keep a number of their own among a column's options
              (SELECT array_agg(o) FROM unnest(a.attoptions) AS o WHERE NOT starts_with(o, 'pg_attver=')), a.attislocal, a.attinhcount)
  FROM tables t JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = t.oid AND d.adnum = a.attnum
UNION ALL
SELECT format('system column %I.%I.%I acl=%s', t.nspname, t.relname, a.attname, a.attacl)
  FROM tables t JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum < 0 AND a.attacl IS NOT NULL
UNION ALL
SELECT format('index %s on %I.%I unique=%s primary=%s exclusion=%s immediate=%s clustered=%s valid=%s ready=%s live=%s identity=%s options=%s owner=%s space=%s targets=%s',
              pg_get_indexdef(i.indexrelid), t.nspname, t.relname, i.indisunique, i.indisprimary, i.indisexclusion, i.indimmediate,
              i.indisclustered, i.indisvalid, i.indisready, i.indislive, i.indisreplident, x.reloptions, x.relowner::regrole, x.reltablespace,
              (SELECT string_agg(a.attnum || ':' || a.attstattarget, ',' ORDER BY a.attnum) FROM pg_catalog.pg_attribute a WHERE a.attrelid = i.indexrelid))
  FROM tables t JOIN pg_catalog.pg_index i ON i.indrelid = t.oid JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
UNION ALL
SELECT format('constraint %I on %I.%I %s deferrable=%s/%s valid=%s local=%s/%s inherit=%s', k.conname, t.nspname, t.relname,
              CASE WHEN d.derived THEN regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', '') ELSE pg_get_constraintdef(k.oid) END,
              k.condeferrable, k.condeferred, k.convalidated OR d.derived, k.conislocal AND NOT (k.contype = 'n' AND t.relispartition), k.coninhcount, NOT k.connoinherit OR d.derived)
  FROM tables t JOIN pg_catalog.pg_constraint k ON k.conrelid = t.oid,
       -- rows of a constraint for its partitions: whether they are marked valid or inheritable decides nothing
       -- (nor, from PostgreSQL 18 on, whether NOT NULL is marked as a partition's own: a key that is added to it alone does that, also where a dump is restored)
       LATERAL (SELECT k.conparentid <> 0 AS derived) d
UNION ALL
SELECT format('trigger %I on %I.%I %s enabled=%s comment=%s', g.tgname, t.nspname, t.relname, pg_get_triggerdef(g.oid), g.tgenabled,
              obj_description(g.oid, 'pg_trigger'))
  FROM tables t JOIN pg_catalog.pg_trigger g ON g.tgrelid = t.oid AND NOT g.tgisinternal
UNION ALL
SELECT format('sequence %I.%I type=%s start=%s by=%s from=%s to=%s cache=%s cycle=%s last=%s owner=%s acl=%s belongs=%s', s.nspname, c.relname,
              q.seqtypid::regtype, q.seqstart, q.seqincrement, q.seqmin, q.seqmax, q.seqcache, q.seqcycle,
              pg_catalog.pg_sequence_last_value(c.oid), c.relowner::regrole, c.relacl,
              (SELECT format('%s.%s (%s)', d.refobjid::regclass, a.attname, d.deptype) FROM pg_catalog.pg_depend d
                 JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
                WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_catalog.pg_class'::regclass
                  AND d.deptype IN ('a', 'i')))
  FROM pg_catalog.pg_class c JOIN spaces s ON s.oid = c.relnamespace JOIN pg_catalog.pg_sequence q ON q.seqrelid = c.oid
UNION ALL
SELECT format('schema %I owner=%s acl=%s', n.nspname, n.nspowner::regrole, n.nspacl) FROM spaces s JOIN pg_catalog.pg_namespace n ON n.oid = s.oid
UNION ALL
SELECT format('function %s', p.oid::regprocedure) FROM pg_catalog.pg_proc p JOIN spaces s ON s.oid = p.pronamespace
ORDER BY 1
