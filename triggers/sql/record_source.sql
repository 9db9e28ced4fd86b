-- Records the identity of the triggers and the files of the source. $1: source OID, $2: the job's schema.
WITH emptied AS (DELETE FROM {job_schema}."eidolon source")
INSERT INTO {job_schema}."eidolon source" (files, triggers)
SELECT now.files, now.triggers FROM ({source_state}) now
