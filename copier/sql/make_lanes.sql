-- Splits the blocks of the tables into lanes, unless that was done before. $1: tables, qualified and quoted, in the order by
-- whose numbers (from 0) lanes name them; $2: most lanes of
-- a small one; $3: of a large one.
INSERT INTO {job_schema}."eidolon lane" (id, leaf, first_block, next_block, end_block)
SELECT row_number() OVER (ORDER BY b.leaf, i) - 1, b.leaf - 1, b.n * i / l.n, b.n * i / l.n, b.n * (i + 1) / l.n
  FROM (SELECT t.leaf, pg_relation_size(t.name::regclass) / current_setting('block_size')::bigint AS n
          FROM unnest($1::text[]) WITH ORDINALITY t(name, leaf)) b,
       LATERAL (SELECT greatest(1, least($2::bigint, b.n / 128), least($3::bigint, b.n / 1024)) AS n) l,
       LATERAL generate_series(0, l.n - 1) i
 WHERE NOT EXISTS (SELECT FROM {job_schema}."eidolon lane")
