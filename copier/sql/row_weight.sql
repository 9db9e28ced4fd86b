-- $1: tables, qualified and quoted.
SELECT greatest(1, coalesce(sum(pg_table_size(to_regclass(t.name)))::float8 / nullif(sum(pg_relation_size(to_regclass(t.name))), 0), 1)) AS weight
  FROM unnest($1::text[]) AS t(name)
