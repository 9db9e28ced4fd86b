-- What new tables in the job's schema have that their sources do not have, or not yet: an event trigger has given it to
-- them. $1: the source's OID, $2: the job's schema, whose tables are called as the source and its partitions.
WITH RECURSIVE {tree}, pair AS (
  SELECT c.*, s.oid AS source, s.relowner AS owner, s.relreplident AS identity, s.reloptions AS options
    FROM tree t JOIN pg_catalog.pg_class s ON s.oid = t.oid
    JOIN pg_catalog.pg_namespace n ON n.nspname = $2
    JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = s.relname AND c.relkind = s.relkind)
SELECT DISTINCT what, (SELECT string_agg(quote_ident(e.evtname), ', ' ORDER BY e.evtname) FROM pg_catalog.pg_event_trigger e
                        WHERE e.evtenabled <> 'D' AND e.evtevent = 'ddl_command_end') AS suspects
  FROM (SELECT 'the trigger ' || quote_ident(g.tgname) FROM pg_catalog.pg_trigger g JOIN pair p ON p.oid = g.tgrelid WHERE NOT g.tgisinternal
        UNION ALL SELECT 'the policy ' || quote_ident(y.polname) FROM pg_catalog.pg_policy y JOIN pair p ON p.oid = y.polrelid
        UNION ALL SELECT 'row-level security' FROM pair WHERE relrowsecurity OR relforcerowsecurity
        UNION ALL SELECT 'a replica identity' FROM pair WHERE relreplident NOT IN ('d', identity)
        UNION ALL SELECT 'an owner' FROM pair WHERE relowner <> owner
        UNION ALL SELECT 'storage parameters' FROM pair WHERE NOT coalesce(reloptions, '{}') <@ coalesce(options, '{}')
        UNION ALL SELECT 'a comment' FROM pair
                   WHERE obj_description(oid, 'pg_class') <> coalesce(obj_description(source, 'pg_class'), '')
        UNION ALL SELECT 'the column ' || quote_ident(a.attname) FROM pg_catalog.pg_attribute a JOIN pair p ON p.oid = a.attrelid
                   WHERE a.attnum > 0 AND NOT a.attisdropped
                     AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute b WHERE b.attrelid = p.source AND b.attname = a.attname AND NOT b.attisdropped)
       ) AS found (what)
 ORDER BY 1
