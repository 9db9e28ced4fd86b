-- The body of a DO that locks a partitioned table ({table}) and its partitions ({name}: the table as a literal) in {mode}
-- mode: parents first, as queries do. {which}: a condition on a partition, c, and its schema, n. lock_timeout counts anew
-- for every lock; here all of them share one. No comment may follow, nor a dollar quote: a name may hold anything.
DECLARE
  deadline timestamptz := clock_timestamp() + current_setting('lock_timeout')::interval;
  partition text;
BEGIN
  LOCK TABLE ONLY {table} IN {mode} MODE;
  FOR partition IN
    WITH RECURSIVE tree(oid, level) AS (
      SELECT {name}::regclass::oid, 0
      UNION ALL
      SELECT h.inhrelid, t.level + 1 FROM tree t
        JOIN pg_catalog.pg_inherits h ON h.inhparent = t.oid
        JOIN pg_catalog.pg_class c ON c.oid = h.inhrelid AND c.relispartition)
    SELECT format('%I.%I', n.nspname, c.relname) FROM tree t
      JOIN pg_catalog.pg_class c ON c.oid = t.oid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE t.level > 0 AND {which}
     ORDER BY t.level, t.oid
  LOOP
    PERFORM set_config('lock_timeout', greatest(1, ceil(extract(epoch FROM deadline - clock_timestamp()) * 1000)) || 'ms', true);
    EXECUTE 'LOCK TABLE ONLY ' || partition || ' IN {mode} MODE';
  END LOOP;
END
