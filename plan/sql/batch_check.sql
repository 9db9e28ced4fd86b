-- The body of the function that is the first query of every batch: the epoch, and whether the source is what the
-- job recorded.
-- $1: source OID, $2: the job's schema, $3: definition at planning.
-- {job_schema} is the job's schema, quoted. The row of "eidolon source" is written when the triggers are installed.
SELECT (SELECT l.epoch FROM eidolon.leader l) AS epoch,
       pg_relation_filenode($1) IS NOT DISTINCT FROM s.filenode AS same_file,
       s.triggers IS NOT DISTINCT FROM
         (SELECT string_agg(ROW(t.oid, t.xmin, t.tgenabled, t.tgfoid)::text, ',' ORDER BY t.oid)
            FROM pg_catalog.pg_trigger t
            JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
            JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
           WHERE t.tgrelid = $1 AND n.nspname = $2) AS same_triggers,
       ({definition}) IS NOT DISTINCT FROM $3 AS same_definition
  FROM {job_schema}."eidolon source" s
