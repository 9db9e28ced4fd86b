-- Waits for a backend of ours that may still be copying in this lane. $1: lane
SELECT next_block, end_block FROM {job_schema}."eidolon lane" WHERE id = $1 FOR UPDATE
