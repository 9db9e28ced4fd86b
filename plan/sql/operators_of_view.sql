-- Those that a view ($1, as regclass takes it) uses and PostgreSQL does not come with, as a list.
SELECT string_agg(DISTINCT d.refobjid::regoperator::text, ', ' ORDER BY d.refobjid::regoperator::text) AS operators
  FROM pg_rewrite r
  JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_operator'::regclass
 WHERE r.ev_class = $1::regclass
