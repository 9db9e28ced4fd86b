SELECT next_block FROM {job_schema}."eidolon lane" WHERE id = $1
