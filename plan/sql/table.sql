-- A table's own properties that a clone needs. $1: the table's OID.
SELECT coalesce(t.spcname, '') AS tablespace,
       (SELECT array_agg(o) FROM (SELECT unnest(c.reloptions) AS o
          UNION ALL SELECT 'toast.' || unnest(x.reloptions) FROM pg_catalog.pg_class x WHERE x.oid = c.reltoastrelid) q) AS options,
       c.relreplident AS replica_identity,
       obj_description(c.oid, 'pg_class') AS comment
  FROM pg_catalog.pg_class c
  LEFT JOIN pg_catalog.pg_tablespace t ON t.oid = c.reltablespace
 WHERE c.oid = $1
