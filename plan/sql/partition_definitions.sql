-- Fingerprint of the partitions below a table, NULL where there are none: put in place of {partitions}. It is made of whole
-- sets and prints no definition, because nearly every batch asks for it. $1: the table's OID.
WITH RECURSIVE {tree}, partition(oid) AS (SELECT t.oid FROM tree t WHERE t.oid <> $1)
SELECT encode(sha256(convert_to(string_agg(x.item, '|' ORDER BY x.item COLLATE "C"), getdatabaseencoding())), 'hex') FROM (
  SELECT ROW(c.oid, h.inhparent, h.inhdetachpending, c.relname, c.relnamespace::regnamespace, c.reltype, c.relowner, c.relam, c.reltablespace,
             c.relpersistence, c.relkind, c.relreplident, c.reloptions, c.relpartbound::text, c.relrowsecurity, c.relforcerowsecurity,
             (SELECT t.reloptions FROM pg_catalog.pg_class t WHERE t.oid = c.reltoastrelid))::text AS item
    FROM partition p JOIN pg_catalog.pg_class c ON c.oid = p.oid JOIN pg_catalog.pg_inherits h ON h.inhrelid = p.oid
  UNION ALL
  SELECT ROW(a.attrelid, a.attnum, a.attname, a.atttypid, a.atttypmod, a.attnotnull, a.attidentity, a.attgenerated,
             a.attisdropped, a.attcollation, a.attstattarget, a.attstorage, a.attcompression, array_to_string(a.attoptions, ','))::text
    FROM partition p JOIN pg_catalog.pg_attribute a ON a.attrelid = p.oid WHERE a.attnum > 0
  UNION ALL
  SELECT ROW(d.adrelid, d.adnum, d.oid)::text FROM partition p JOIN pg_catalog.pg_attrdef d ON d.adrelid = p.oid
  UNION ALL
  SELECT ROW(k.oid, k.conname, k.contype, k.convalidated, k.condeferrable, k.condeferred, k.connoinherit, k.coninhcount,
             e.description)::text
    FROM partition p JOIN pg_catalog.pg_constraint k ON k.conrelid = p.oid
    LEFT JOIN pg_catalog.pg_description e ON e.classoid = 'pg_catalog.pg_constraint'::regclass AND e.objoid = k.oid
   WHERE k.contype NOT IN ('f', 't')
  UNION ALL
  -- by name and not by OID, and without the places in the statement's text (the copy that REINDEX CONCURRENTLY makes has
  -- none), so that REINDEX CONCURRENTLY does not matter
  SELECT ROW(c.relname, i.indrelid, i.indkey, i.indclass, i.indcollation, i.indoption, i.indisunique, i.indisclustered,
             i.indisreplident, regexp_replace(i.indexprs::text, ':location -?[0-9]+', '', 'g'),
             regexp_replace(i.indpred::text, ':location -?[0-9]+', '', 'g'), c.relam, c.reloptions, c.reltablespace,
             o.relname, e.description)::text
    FROM partition p JOIN pg_catalog.pg_index i ON i.indrelid = p.oid JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid AND (i.indisvalid OR c.relkind = 'I')
    LEFT JOIN pg_catalog.pg_inherits h ON h.inhrelid = c.oid LEFT JOIN pg_catalog.pg_class o ON o.oid = h.inhparent
    LEFT JOIN pg_catalog.pg_description e ON e.classoid = 'pg_catalog.pg_class'::regclass AND e.objoid = c.oid AND e.objsubid = 0
  UNION ALL
  SELECT ROW(d.refobjid, d.refobjsubid, d.objid,
             CASE WHEN d.deptype = 'i' THEN
               ROW(s.seqtypid, s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle, obj_description(s.seqrelid, 'pg_class'))::text
             END)::text
    FROM partition p
    JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
         AND d.refobjid = p.oid AND d.deptype IN ('a', 'i')
    JOIN pg_catalog.pg_sequence s ON s.seqrelid = d.objid
  UNION ALL
  -- a trigger that came from the parent, and is in another state; the job's own are looked at apart
  SELECT ROW(g.oid, g.tgenabled)::text
    FROM partition p JOIN pg_catalog.pg_trigger g ON g.tgrelid = p.oid JOIN pg_catalog.pg_trigger o ON o.oid = g.tgparentid
    JOIN pg_catalog.pg_proc f ON f.oid = g.tgfoid JOIN pg_catalog.pg_namespace n ON n.oid = f.pronamespace
   WHERE g.tgenabled <> o.tgenabled AND n.nspname !~ '^eidolon_[0-9]+$'
  UNION ALL
  SELECT ROW(d.objoid, d.objsubid, d.description)::text
    FROM partition p JOIN pg_catalog.pg_description d ON d.classoid = 'pg_catalog.pg_class'::regclass AND d.objoid = p.oid
) x
