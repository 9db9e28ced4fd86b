-- Fingerprint of everything about a table that a job carries over or relies on, leaving out
-- what changes without anybody altering the table (statistics, file, vacuum horizons).
-- What hangs on the table (foreign keys, triggers, rules, policies, statistics) is neighbourhood_state.sql's.
-- $1: the table's OID.
-- Indexes are compared by name and text, not by OID, so that REINDEX CONCURRENTLY does not matter.
SELECT encode(sha256(convert_to(concat_ws('|',
  (SELECT ROW(c.relname, c.relnamespace::regnamespace, c.reltype, c.reloftype, c.relowner, c.relam, c.reltablespace, c.relpersistence,
              c.relkind, c.relreplident, c.relispartition, c.reloptions,
              (SELECT t.reloptions FROM pg_catalog.pg_class t WHERE t.oid = c.reltoastrelid))::text
     FROM pg_catalog.pg_class c WHERE c.oid = $1),
  (SELECT string_agg(ROW(a.attnum, a.attname, a.atttypid, a.atttypmod, a.attnotnull, a.attidentity, a.attgenerated,
                         a.attisdropped, a.attcollation, a.attstattarget, a.attstorage, a.attcompression,
                         array_to_string(a.attoptions, ','))::text, ',' ORDER BY a.attnum)
     FROM pg_catalog.pg_attribute a WHERE a.attrelid = $1 AND a.attnum > 0),
  (SELECT string_agg(ROW(d.adnum, d.oid)::text, ',' ORDER BY d.adnum) FROM pg_catalog.pg_attrdef d WHERE d.adrelid = $1),
  (SELECT string_agg(ROW(k.oid, k.conname, k.contype, k.convalidated, k.condeferrable, k.condeferred, k.connoinherit)::text,
                     ',' ORDER BY k.oid)
     FROM pg_catalog.pg_constraint k WHERE k.conrelid = $1 AND k.contype NOT IN ('f', 't')),
  (SELECT string_agg(ROW(c.relname, pg_get_indexdef(i.indexrelid), i.indisclustered, i.indisreplident, c.reltablespace)::text,
                     ',' ORDER BY c.relname)
     FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
    WHERE i.indrelid = $1 AND (i.indisvalid OR c.relkind = 'I')),
  (SELECT string_agg(ROW(h.inhrelid, h.inhparent)::text, ',' ORDER BY h.inhrelid, h.inhparent)
     FROM pg_catalog.pg_inherits h WHERE h.inhrelid = $1 OR h.inhparent = $1),
  (SELECT string_agg(ROW(d.objsubid, d.description)::text, ',' ORDER BY d.objsubid)
     FROM pg_catalog.pg_description d WHERE d.classoid = 'pg_catalog.pg_class'::regclass AND d.objoid = $1),
  (SELECT string_agg(ROW(c.relname, d.description)::text, ',' ORDER BY c.relname)
     FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
     JOIN pg_catalog.pg_description d ON d.classoid = 'pg_catalog.pg_class'::regclass AND d.objoid = c.oid
    WHERE i.indrelid = $1),
  (SELECT string_agg(ROW(k.conname, d.description)::text, ',' ORDER BY k.conname)
     FROM pg_catalog.pg_constraint k
     JOIN pg_catalog.pg_description d ON d.classoid = 'pg_catalog.pg_constraint'::regclass AND d.objoid = k.oid
    WHERE k.conrelid = $1 AND k.contype NOT IN ('f', 't')),
  (SELECT string_agg(ROW(e.refobjsubid, s.seqtypid, s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle)::text,
                     ',' ORDER BY e.refobjsubid)
     FROM pg_catalog.pg_depend e JOIN pg_catalog.pg_sequence s ON s.seqrelid = e.objid
    WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.refclassid = 'pg_catalog.pg_class'::regclass
      AND e.refobjid = $1 AND e.deptype = 'i'),
  (SELECT string_agg(ROW(e.refobjsubid, e.objid)::text, ',' ORDER BY e.refobjsubid, e.objid)
     FROM pg_catalog.pg_depend e JOIN pg_catalog.pg_sequence s ON s.seqrelid = e.objid
    WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.refclassid = 'pg_catalog.pg_class'::regclass
      AND e.refobjid = $1 AND e.deptype = 'a'),
  (SELECT string_agg(ROW(e.refobjsubid, d.description)::text, ',' ORDER BY e.refobjsubid)
     FROM pg_catalog.pg_depend e
     JOIN pg_catalog.pg_description d ON d.classoid = e.classid AND d.objoid = e.objid AND d.objsubid = 0
    WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.refclassid = 'pg_catalog.pg_class'::regclass
      AND e.refobjid = $1 AND e.deptype = 'i'),
  (SELECT string_agg(ROW(c.relname, a.attnum, a.attstattarget)::text, ',' ORDER BY c.relname, a.attnum)
     FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
     JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attstattarget >= 0
    WHERE i.indrelid = $1 AND i.indisvalid),
  ({partitions})
), getdatabaseencoding())), 'hex') AS definition
