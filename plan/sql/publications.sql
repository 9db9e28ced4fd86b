-- Publications that name a table. $1: the table's OID. {columns} and {filter}: prattrs and prqual from PostgreSQL 15 on,
-- NULL of their types before.
SELECT p.pubname AS name,
       (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
          FROM pg_catalog.pg_attribute a WHERE a.attrelid = $1 AND a.attnum = ANY ({columns}::int2[])) AS columns,
       pg_get_expr({filter}, r.prrelid) AS filter,
       CASE WHEN NOT pg_has_role(p.pubowner, 'USAGE') THEN pg_get_userbyid(p.pubowner) END AS missing_owner
  FROM pg_catalog.pg_publication_rel r
  JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid
 WHERE r.prrelid = $1
 ORDER BY p.pubname
