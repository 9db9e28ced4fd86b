-- What tells this database from a restored or cloned one, and whether it can be written to at all.
SELECT (SELECT system_identifier FROM pg_control_system())::text AS system_identifier,
       d.oid::bigint AS database_oid,
       pg_is_in_recovery() AS in_recovery,
       CASE WHEN pg_is_in_recovery() THEN '' ELSE left(pg_walfile_name(pg_current_wal_lsn()), 8) END AS timeline
FROM pg_database d
WHERE d.datname = current_database()
