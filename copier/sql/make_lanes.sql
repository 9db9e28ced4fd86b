-- Splits the source's blocks into lanes, unless that was done before. $1: source OID, $2: most lanes.
INSERT INTO {job_schema}."eidolon lane" (id, first_block, next_block, end_block)
SELECT i, b.n * i / l.n, b.n * i / l.n, b.n * (i + 1) / l.n
  FROM (SELECT pg_relation_size($1) / current_setting('block_size')::bigint AS n) b,
       LATERAL (SELECT greatest(1, least($2::bigint, b.n / 128)) AS n) l,
       LATERAL generate_series(0, l.n - 1) i
 WHERE NOT EXISTS (SELECT FROM {job_schema}."eidolon lane")
