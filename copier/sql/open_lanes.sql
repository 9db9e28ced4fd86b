SELECT id, next_block, end_block FROM {job_schema}.lane WHERE next_block < end_block ORDER BY id
