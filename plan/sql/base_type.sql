-- What a domain is made of, through any number of domains; no row for another type. $1: the type's OID.
WITH RECURSIVE made_of(oid, modifier, depth) AS (
  SELECT $1::oid, -1, 0
  UNION ALL
  SELECT y.typbasetype, y.typtypmod, m.depth + 1
    FROM made_of m JOIN pg_catalog.pg_type y ON y.oid = m.oid WHERE y.typtype = 'd')
SELECT format_type(m.oid, m.modifier) AS type
  FROM made_of m JOIN pg_catalog.pg_type y ON y.oid = m.oid
 WHERE y.typtype <> 'd' AND m.depth > 0
