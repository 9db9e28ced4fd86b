SELECT next_block, end_block FROM {job_schema}."eidolon lane" WHERE id = $1
