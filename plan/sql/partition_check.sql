-- The body of the function that is the first query of a batch on one partition: the epoch, and what the partition is now,
-- with what every batch must see of the job's record. It is compared with what this said when the whole was as recorded.
-- $1: the partition's OID, $2: the job's schema. {job_schema} is that schema, quoted.
SELECT (SELECT l.epoch FROM eidolon.leader l) AS epoch,
       encode(sha256(convert_to(concat_ws('|', s.triggers, now.files, now.triggers, ({definition})), getdatabaseencoding())), 'hex') AS state
  FROM {job_schema}."eidolon source" s, ({source_state}) now
