-- Fingerprint of what hangs on a table and was planned to be carried over: the catalog rows by which it would change.
-- No definition is printed, so that no lock is taken. $1: the table's OID, $2: the job's schema.
SELECT md5(coalesce(string_agg(x.item, '|' ORDER BY x.item), '')) AS state
  FROM (
    SELECT 'k' || k.oid || ' ' || k.xmin AS item FROM pg_catalog.pg_constraint k
     WHERE k.contype = 'f' AND (k.conrelid = $1 OR k.confrelid = $1)
    UNION ALL SELECT 't' || t.oid || ' ' || t.xmin FROM pg_catalog.pg_trigger t
      JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
     WHERE t.tgrelid = $1 AND NOT t.tgisinternal AND n.nspname <> $2
    UNION ALL SELECT 'p' || p.oid || ' ' || p.xmin FROM pg_catalog.pg_policy p WHERE p.polrelid = $1
    UNION ALL SELECT 's' || s.oid || ' ' || s.xmin FROM pg_catalog.pg_statistic_ext s WHERE s.stxrelid = $1
    UNION ALL SELECT 'u' || r.oid || ' ' || r.xmin FROM pg_catalog.pg_publication_rel r WHERE r.prrelid = $1
    UNION ALL SELECT DISTINCT 'w' || w.oid || ' ' || w.xmin || ' ' || c.relname || ' ' || c.relnamespace || ' ' || c.relowner
                              || ' ' || coalesce(array_to_string(c.reloptions, ','), '')
      FROM pg_catalog.pg_depend d
      JOIN pg_catalog.pg_rewrite w ON w.oid = d.objid JOIN pg_catalog.pg_class c ON c.oid = w.ev_class
     WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = $1
    UNION ALL SELECT DISTINCT 'f' || p.oid || ' ' || p.xmin
      FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_proc p ON p.oid = d.objid
     WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = $1
    UNION ALL SELECT 'r' || c.relrowsecurity || c.relforcerowsecurity FROM pg_catalog.pg_class c WHERE c.oid = $1
  ) x
