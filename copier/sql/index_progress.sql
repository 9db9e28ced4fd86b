-- How many of the indexes $2 (qualified and quoted) in the schema $1 stand, and how much of others is built, by the
-- phases of PostgreSQL: scanning is about half of a B-tree, and all of another one that tells of its blocks.
SELECT (SELECT count(to_regclass(name)) FROM unnest($2::text[]) AS name)::float8
       + coalesce(sum(CASE WHEN s.phase LIKE '%: scanning table' THEN 0.5 * s.blocks_done / nullif(s.blocks_total, 0)
                           WHEN s.phase LIKE '%: sorting%' THEN 0.5
                           WHEN s.phase LIKE '%: loading%' THEN 0.6 + 0.4 * s.tuples_done / nullif(s.tuples_total, 0)
                           WHEN s.phase = 'building index' THEN s.blocks_done::float8 / nullif(s.blocks_total, 0)
                      END), 0)::float8 AS built
  FROM pg_stat_progress_create_index AS s
  JOIN pg_class AS c ON c.oid = s.relid
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE s.datname = current_database() AND n.nspname = $1;
