-- Everything outside a table that depends on it, its row and array types, indexes, constraints,
-- defaults or sequences of identity columns (that of a serial column stays what it is), found through pg_depend, so that a kind of object nobody thought of is seen too.
-- $1: the table's OID; its partitions are parts of it. kind is a refusal's code; '' marks what needs nothing.
-- $2: the job's own schema, whose objects do not count. carried: comes to hang on the new table; own: part of the table.
WITH RECURSIVE {tree}, parts(classid, objid, member) AS (
  SELECT 'pg_catalog.pg_class'::regclass::oid, t.oid, t.oid FROM tree t
  UNION ALL SELECT 'pg_catalog.pg_type'::regclass, y.oid, t.oid FROM tree t JOIN pg_catalog.pg_type y ON y.typrelid = t.oid
  UNION ALL SELECT 'pg_catalog.pg_type'::regclass, y.typarray, t.oid FROM tree t
              JOIN pg_catalog.pg_type y ON y.typrelid = t.oid AND y.typarray <> 0
  UNION ALL SELECT 'pg_catalog.pg_class'::regclass, i.indexrelid, t.oid FROM tree t JOIN pg_catalog.pg_index i ON i.indrelid = t.oid
  UNION ALL SELECT 'pg_catalog.pg_constraint'::regclass, k.oid, t.oid FROM tree t JOIN pg_catalog.pg_constraint k ON k.conrelid = t.oid
  UNION ALL SELECT 'pg_catalog.pg_attrdef'::regclass, d.oid, t.oid FROM tree t JOIN pg_catalog.pg_attrdef d ON d.adrelid = t.oid
  UNION ALL SELECT 'pg_catalog.pg_class'::regclass, c.reltoastrelid, t.oid FROM tree t
              JOIN pg_catalog.pg_class c ON c.oid = t.oid AND c.reltoastrelid <> 0
  UNION ALL SELECT 'pg_catalog.pg_class'::regclass, i.indexrelid, t.oid FROM tree t
              JOIN pg_catalog.pg_class c ON c.oid = t.oid AND c.reltoastrelid <> 0
              JOIN pg_catalog.pg_index i ON i.indrelid = c.reltoastrelid
  UNION ALL SELECT d.classid, d.objid, t.oid FROM tree t
              JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::regclass
                   AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = t.oid AND d.deptype = 'i'
              JOIN pg_catalog.pg_class q ON q.oid = d.objid AND q.relkind = 'S'
), found AS (
  -- the column that uses the row type, where it is one
  SELECT DISTINCT d.classid, d.objid, CASE WHEN d.refclassid = 'pg_catalog.pg_type'::regclass THEN d.objsubid ELSE 0 END AS objsubid,
         d.refclassid, d.refobjid, d.deptype, p.member
    FROM pg_catalog.pg_depend d
    JOIN parts p ON d.refclassid = p.classid AND d.refobjid = p.objid
   WHERE NOT EXISTS (SELECT FROM parts q WHERE q.classid = d.classid AND q.objid = d.objid)
     -- a serial column's sequence
     AND NOT (d.classid = 'pg_catalog.pg_class'::regclass AND d.deptype = 'a'
              AND EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = d.objid AND c.relkind = 'S'))
     -- a trigger of a constraint, of a parent's trigger, or of the job
     AND NOT (d.classid = 'pg_catalog.pg_trigger'::regclass AND EXISTS (
       SELECT FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_proc f ON f.oid = t.tgfoid
         JOIN pg_catalog.pg_namespace n ON n.oid = f.pronamespace
        WHERE t.oid = d.objid AND (t.tgisinternal OR t.tgparentid <> 0 OR n.nspname = $2)))
)
SELECT DISTINCT
       CASE
         WHEN o.of_sequence THEN 'identity_sequence_shared'
         WHEN f.classid = 'pg_catalog.pg_rewrite'::regclass THEN
           (SELECT CASE -- a materialized view that went aside with the old table
                        WHEN $2 LIKE '%\_old' AND $2 = (SELECT n.nspname FROM pg_catalog.pg_namespace n WHERE n.oid = c.relnamespace) THEN ''
                        WHEN w.rulename <> '_RETURN' THEN 'rule' WHEN c.relkind = 'm' THEN 'materialized_view' ELSE 'view' END
              FROM pg_catalog.pg_rewrite w JOIN pg_catalog.pg_class c ON c.oid = w.ev_class WHERE w.oid = f.objid)
         WHEN f.classid = 'pg_catalog.pg_trigger'::regclass THEN 'trigger'
         WHEN f.classid = 'pg_catalog.pg_policy'::regclass THEN 'policy'
         WHEN f.classid = 'pg_catalog.pg_publication_rel'::regclass THEN 'publication'
         WHEN f.classid = 'pg_catalog.pg_statistic_ext'::regclass THEN 'extended_statistics'
         WHEN f.classid = 'pg_catalog.pg_constraint'::regclass THEN
           (SELECT CASE WHEN k.contype <> 'f' THEN 'row_type_used' WHEN k.conparentid <> 0 THEN '' ELSE 'foreign_key' END
              FROM pg_catalog.pg_constraint k WHERE k.oid = f.objid)
         WHEN f.classid = 'pg_catalog.pg_proc'::regclass THEN
           CASE WHEN o.own THEN '' WHEN f.refclassid = 'pg_catalog.pg_type'::regclass THEN 'row_type_used' ELSE 'function_body' END
         WHEN f.classid = 'pg_catalog.pg_attrdef'::regclass THEN 'unknown_dependent'
         WHEN f.refclassid = 'pg_catalog.pg_type'::regclass THEN 'row_type_used'
         WHEN EXISTS (SELECT FROM pg_catalog.pg_inherits h WHERE h.inhrelid = f.objid AND h.inhparent = f.member) THEN 'inheritance'
         ELSE 'unknown_dependent'
       END AS kind,
       CASE WHEN f.classid = 'pg_catalog.pg_rewrite'::regclass THEN
              (SELECT CASE WHEN w.rulename <> '_RETURN' THEN format('rule %s on %s', w.rulename, w.ev_class::regclass)
                           ELSE w.ev_class::regclass::text END
                 FROM pg_catalog.pg_rewrite w WHERE w.oid = f.objid)
            ELSE pg_describe_object(f.classid, f.objid, f.objsubid) END AS object,
       -- of a partition: what is its own, and what names it as it would name the table; nothing else yet
       NOT o.of_sequence AND (f.member = $1 OR o.own OR f.classid = 'pg_catalog.pg_constraint'::regclass
        OR f.classid IN ('pg_catalog.pg_publication_rel'::regclass, 'pg_catalog.pg_proc'::regclass)
          AND f.refclassid = 'pg_catalog.pg_class'::regclass
        OR f.classid = 'pg_catalog.pg_rewrite'::regclass
           AND (SELECT c.relkind = 'v' AND w.rulename = '_RETURN' FROM pg_catalog.pg_rewrite w JOIN pg_catalog.pg_class c ON c.oid = w.ev_class WHERE w.oid = f.objid))
       AND (f.refclassid IN ('pg_catalog.pg_class'::regclass, 'pg_catalog.pg_constraint'::regclass) AND
         CASE f.classid
           WHEN 'pg_catalog.pg_rewrite'::regclass THEN
             (SELECT w.rulename <> '_RETURN' AND c.relkind IN ('r', 'p', 'v') OR w.rulename = '_RETURN' AND
                       (c.relkind = 'v' AND c.relpersistence <> 't' OR c.relkind = 'm' AND NOT EXISTS (
                          -- it is made anew, and so are the materialized views that read it: only plain views may hang on them else
                          WITH RECURSIVE above(oid) AS (
                            SELECT c.oid
                            UNION SELECT x.ev_class FROM above a
                              JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = a.oid
                              JOIN pg_catalog.pg_rewrite x ON x.oid = d.objid JOIN pg_catalog.pg_class m ON m.oid = x.ev_class AND m.relkind = 'm')
                          SELECT FROM above a JOIN pg_catalog.pg_class m ON m.oid = a.oid
                           WHERE m.relispopulated <> c.relispopulated
                              OR EXISTS (SELECT FROM pg_catalog.pg_statistic_ext s WHERE s.stxrelid = a.oid)
                              OR EXISTS (SELECT FROM pg_catalog.pg_depend x WHERE x.deptype IN ('e', 'x') AND x.classid = 'pg_catalog.pg_class'::regclass
                                            AND x.objid IN (SELECT a.oid UNION ALL SELECT i.indexrelid FROM pg_catalog.pg_index i WHERE i.indrelid = a.oid))
                              OR EXISTS (SELECT FROM pg_catalog.pg_depend d
                                          WHERE d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = a.oid AND d.deptype = 'n'
                                            AND NOT (d.classid = 'pg_catalog.pg_rewrite'::regclass
                                                     AND (SELECT v.relkind IN ('v', 'm') AND v.relpersistence <> 't' AND x.rulename = '_RETURN' OR x.ev_class = a.oid
                                                            FROM pg_catalog.pg_rewrite x JOIN pg_catalog.pg_class v ON v.oid = x.ev_class
                                                           WHERE x.oid = d.objid)))
                              OR EXISTS (SELECT FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_type y ON y.oid = d.refobjid
                                          WHERE d.refclassid = 'pg_catalog.pg_type'::regclass AND y.typrelid = a.oid AND d.deptype = 'n')))
                FROM pg_catalog.pg_rewrite w JOIN pg_catalog.pg_class c ON c.oid = w.ev_class WHERE w.oid = f.objid)
           WHEN 'pg_catalog.pg_proc'::regclass THEN
             (SELECT p.prosqlbody IS NOT NULL FROM pg_catalog.pg_proc p WHERE p.oid = f.objid)
             AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend x WHERE x.deptype = 'x' AND x.classid = f.classid AND x.objid = f.objid)
           WHEN 'pg_catalog.pg_publication_rel'::regclass THEN true
           WHEN 'pg_catalog.pg_policy'::regclass THEN true
           WHEN 'pg_catalog.pg_trigger'::regclass THEN (SELECT t.tgconstrrelid = f.member FROM pg_catalog.pg_trigger t WHERE t.oid = f.objid)
           ELSE false
         END OR o.own
         -- a function with the row type in its signature is made anew: nothing may hang on it, and no default of an argument
         -- (which depends on the type a second time) may use it: PostgreSQL itself refuses to rewrite the table then
         OR f.classid = 'pg_catalog.pg_proc'::regclass AND f.refclassid = 'pg_catalog.pg_type'::regclass
            AND (SELECT p.prosqlbody IS NULL AND p.prokind IN ('f', 'p', 'w') FROM pg_catalog.pg_proc p WHERE p.oid = f.objid)
            AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.refclassid = f.classid AND d.refobjid = f.objid)
            AND (SELECT count(*) FROM pg_catalog.pg_depend d WHERE d.classid = f.classid AND d.objid = f.objid
                    AND d.refclassid = f.refclassid AND d.refobjid = f.refobjid) = 1
            AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = f.classid AND d.objid = f.objid AND d.deptype IN ('e', 'x'))
            AND NOT EXISTS (SELECT FROM pg_catalog.pg_seclabel s WHERE s.classoid = f.classid AND s.objoid = f.objid)
         OR f.classid = 'pg_catalog.pg_constraint'::regclass
            AND (SELECT k.contype = 'f' FROM pg_catalog.pg_constraint k WHERE k.oid = f.objid)) AS carried,
       o.own
  FROM found f,
       LATERAL (SELECT CASE f.classid
                         WHEN 'pg_catalog.pg_trigger'::regclass THEN (SELECT t.tgrelid IN (SELECT x.oid FROM tree x) FROM pg_catalog.pg_trigger t WHERE t.oid = f.objid)
                         WHEN 'pg_catalog.pg_policy'::regclass THEN (SELECT p.polrelid IN (SELECT x.oid FROM tree x) FROM pg_catalog.pg_policy p WHERE p.oid = f.objid)
                         WHEN 'pg_catalog.pg_rewrite'::regclass THEN (SELECT w.ev_class IN (SELECT x.oid FROM tree x) FROM pg_catalog.pg_rewrite w WHERE w.oid = f.objid)
                         -- it went aside with the old table
                         WHEN 'pg_catalog.pg_proc'::regclass THEN (SELECT n.nspname = $2 FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = f.objid)
                         WHEN 'pg_catalog.pg_statistic_ext'::regclass THEN (SELECT s.stxrelid IN (SELECT x.oid FROM tree x) FROM pg_catalog.pg_statistic_ext s WHERE s.oid = f.objid)
                         ELSE false
                       END AS own,
                       f.refclassid = 'pg_catalog.pg_class'::regclass
                         AND EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = f.refobjid AND c.relkind = 'S') AS of_sequence
                OFFSET 0) o  -- worked out once
ORDER BY 1, 2
