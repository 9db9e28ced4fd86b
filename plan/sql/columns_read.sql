-- The columns that a view's query reads, by number; 0: the whole row. $1: the view.
SELECT DISTINCT m[1]::int AS number
  FROM pg_catalog.pg_rewrite w
 CROSS JOIN LATERAL regexp_matches(w.ev_action::text, ':varattno (\d+) ', 'g') m
 WHERE w.ev_class = $1::text::regclass
