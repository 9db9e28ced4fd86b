-- The grants on some tables and their columns, system columns too, and the transactions that have changed a column's and are
-- not over: they have no lock on the table. (What they write to pg_class they write to the row that the swap writes, too.)
-- $1: the OIDs.
WITH next AS (
  SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS xid
), columns AS (
  SELECT a.attrelid, a.attnum, a.attacl, a.xmax, (next.xid - a.xmax::text::bigint) & 4294967295 AS age, next.xid - ((next.xid - a.xmax::text::bigint) & 4294967295) AS changed_by
    FROM pg_attribute a, next
   WHERE a.attrelid = ANY ($1::oid[])
)
SELECT encode(sha256(convert_to(concat_ws('|', (SELECT string_agg(ROW(c.oid, c.relacl)::text, ',' ORDER BY c.oid) FROM pg_class c WHERE c.oid = ANY ($1::oid[])),
         string_agg(ROW(k.attrelid, k.attnum, k.attacl)::text, ',' ORDER BY k.attrelid, k.attnum)), getdatabaseencoding())), 'hex') AS state,
       coalesce(array_agg(DISTINCT k.xmax::text) FILTER (
         WHERE k.xmax <> '0'::xid AND CASE WHEN k.age > 2147483648 THEN true  -- younger than the snapshot
                                           WHEN k.changed_by < 3 THEN false
                                           ELSE pg_xact_status(k.changed_by::text::xid8) = 'in progress' END), '{}') AS changed_by
  FROM columns k
