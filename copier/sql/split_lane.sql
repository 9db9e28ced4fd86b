-- Makes what lies from a block on a lane of its own. $1: lane, which is locked; $2: the block, between what is copied and
-- the lane's end
WITH whole AS (SELECT leaf, end_block FROM {job_schema}."eidolon lane" WHERE id = $1),
     shortened AS (UPDATE {job_schema}."eidolon lane" SET end_block = $2 WHERE id = $1)
INSERT INTO {job_schema}."eidolon lane" (id, leaf, first_block, next_block, end_block)
SELECT (SELECT max(id) + 1 FROM {job_schema}."eidolon lane"), leaf, $2, $2, end_block FROM whole
RETURNING id, leaf, next_block, end_block
