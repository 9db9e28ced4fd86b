SELECT next_block FROM {job_schema}.lane WHERE id = $1
