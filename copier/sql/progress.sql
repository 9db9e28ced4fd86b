SELECT coalesce(sum(end_block - first_block), 0)::bigint AS blocks_total,
       coalesce(sum(next_block - first_block), 0)::bigint AS blocks_done,
       coalesce(sum(rows), 0)::bigint AS rows
  FROM {job_schema}."eidolon lane"
