-- A WITH RECURSIVE item, put in place of {tree}: a table and the partitions below it. $1: the table's OID.
tree(oid) AS (
  SELECT $1::oid
  UNION
  SELECT h.inhrelid FROM tree t
    JOIN pg_catalog.pg_inherits h ON h.inhparent = t.oid
    JOIN pg_catalog.pg_class c ON c.oid = h.inhrelid AND c.relispartition)
