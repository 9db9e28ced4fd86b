-- Lets the new sequence of an identity begin with a gap, if the old one has moved since its position was noted, or somebody
-- waits for it: he has been given a value, or will be, that nobody knows of yet. One for each session of the database.
-- {old}, {old_name}, {new_name}: the sequences, qualified, as text or as literals. {noted}: the setting with the position.
SELECT setval(n.seqrelid::regclass, (o.last_value + g.gap)::bigint, true)
  FROM {old} o, pg_catalog.pg_sequence n, pg_catalog.pg_sequence s,
       LATERAL (SELECT s.seqincrement::numeric * s.seqcache * (SELECT 1 + count(*) FROM pg_catalog.pg_stat_activity a
                                                                WHERE a.datname = current_database()) AS gap) g
 WHERE s.seqrelid = {old_name}::regclass AND n.seqrelid = {new_name}::regclass
   AND o.last_value + g.gap BETWEEN n.seqmin AND n.seqmax
   AND (coalesce(pg_sequence_last_value(s.seqrelid)::text, 'none') <> current_setting({noted})
        OR EXISTS (SELECT FROM pg_catalog.pg_locks l
                    WHERE NOT l.granted AND l.relation = s.seqrelid
                      AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database())))
