-- Asked of a replica: how far it has replayed, and whether it is one of this cluster at all.
SELECT pg_is_in_recovery() AS in_recovery,
       (SELECT system_identifier FROM pg_control_system())::text AS system_identifier,
       (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint AS replayed
