-- $1: lane, $2: first block that is not copied yet, $3: rows copied
UPDATE {job_schema}."eidolon lane" SET next_block = $2, rows = rows + $3 WHERE id = $1
