-- What a view's query asks for that need not be the same when it is asked again for the same row. A function in another language
-- than C is volatile unless its author thought of saying otherwise, which says nothing. $1: the view.
WITH query AS (SELECT w.ev_action::text AS tree FROM pg_catalog.pg_rewrite w WHERE w.ev_class = $1::text::regclass)
SELECT p.proname || '()' AS call
  FROM query q
 CROSS JOIN LATERAL regexp_matches(q.tree, ':(?:funcid|opfuncid) (\d+)', 'g') m
  JOIN pg_catalog.pg_proc p ON p.oid = m[1]::oid
  JOIN pg_catalog.pg_language l ON l.oid = p.prolang
 WHERE p.provolatile = 'v' AND l.lanname IN ('internal', 'c') AND p.proname <> 'lo_get'
    OR p.pronamespace = 'pg_catalog'::regnamespace
       AND (p.proname = 'age' AND p.pronargs = 1
            OR p.proname IN ('now', 'transaction_timestamp', 'statement_timestamp', 'pg_backend_pid', 'txid_current',
                             'txid_current_if_assigned', 'txid_current_snapshot', 'pg_current_xact_id',
                             'pg_current_xact_id_if_assigned', 'pg_current_snapshot', 'mxid_age', 'inet_client_addr', 'inet_client_port',
                             'pg_postmaster_start_time', 'pg_conf_load_time'))
UNION  -- nodes/primnodes.h: the clocks are the first nine of SQLValueFunctionOp, from CURRENT_DATE to LOCALTIMESTAMP(n)
SELECT 'the current date or time' FROM query q WHERE q.tree ~ '\{SQLVALUEFUNCTION :op [0-8] '
UNION
SELECT 'a system column' FROM query q WHERE q.tree ~ ':varattno -'
ORDER BY 1
