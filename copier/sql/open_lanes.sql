SELECT id, leaf, next_block, end_block FROM {job_schema}."eidolon lane" WHERE next_block < end_block ORDER BY id
