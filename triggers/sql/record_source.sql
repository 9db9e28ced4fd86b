-- Records the identity of the triggers and the file of the source. $1: source OID, $2: the job's schema.
WITH emptied AS (DELETE FROM {job_schema}."eidolon source")
INSERT INTO {job_schema}."eidolon source" (filenode, triggers)
SELECT pg_relation_filenode($1),
       (SELECT string_agg(ROW(t.oid, t.xmin, t.tgenabled, t.tgfoid)::text, ',' ORDER BY t.oid)
          FROM pg_catalog.pg_trigger t
          JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
          JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
         WHERE t.tgrelid = $1 AND n.nspname = $2)
