-- The body of the function that is the first query of a batch, but of those that keep to one partition
-- (partition_check.sql): the epoch, and whether the source is what the job recorded.
-- $1: source OID, $2: the job's schema, $3: definition at planning.
-- {job_schema} is the job's schema, quoted. The row of "eidolon source" is written when the triggers are installed.
SELECT (SELECT l.epoch FROM eidolon.leader l) AS epoch,
       now.files IS NOT DISTINCT FROM s.files AS same_file,
       now.triggers IS NOT DISTINCT FROM s.triggers AS same_triggers,
       ({definition}) IS NOT DISTINCT FROM $3 AS same_definition
  FROM {job_schema}."eidolon source" s, ({source_state}) now
