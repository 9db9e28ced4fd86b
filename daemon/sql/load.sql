-- What the primary's other sessions do, what it must keep, and where it keeps it. Settings and sessions that
-- the role may not see are NULL.
SELECT a.active, a.hidden, a.oldest_seconds, a.oldest_of,
       s.slot_name::text AS slot, coalesce(s.bytes, 0)::bigint AS slot_wal,
       w.archive_backlog, w.may_list,
       d.directories, d.same_host,
       (SELECT max(age(datfrozenxid)) FROM pg_database)::bigint AS xid_age,
       (SELECT count(*) FROM pg_stat_activity
         WHERE application_name LIKE 'eidolon%' AND usename = session_user AND wait_event = 'SyncRep'
           AND query_start < clock_timestamp() - interval '1 second')::int AS unconfirmed,
       -- what is set for the database, or for all of them, or else what the session began with; unless the role has a choice of
       -- its own
       (SELECT coalesce(NOT own.of_role AND own.given ~* '=(on|true|yes|1|t|y)$', g.reset_val = 'on')
        FROM pg_settings g
        LEFT JOIN (SELECT r.setrole <> 0 AS of_role, given
                     FROM pg_db_role_setting r CROSS JOIN unnest(r.setconfig) AS given
                     JOIN pg_database d ON d.datname = current_database() AND r.setdatabase IN (0, d.oid)
                    WHERE given ILIKE 'default_transaction_read_only=%'
                      AND r.setrole IN (0, (SELECT oid FROM pg_roles WHERE rolname = session_user))
                    ORDER BY r.setrole <> 0 DESC, r.setdatabase <> 0 DESC LIMIT 1) AS own ON true
        WHERE g.name = 'default_transaction_read_only') AS read_only
FROM (SELECT count(*) FILTER (WHERE backend_type = 'client backend' AND state = 'active')::int AS active,
             coalesce(bool_or(usesysid IS NOT NULL AND backend_type IS NULL), false) AS hidden,
             greatest(0, extract(epoch FROM clock_timestamp() - min(began)))::float8 AS oldest_seconds,
             (array_agg(who ORDER BY began) FILTER (WHERE began IS NOT NULL))[1] AS oldest_of
      FROM (SELECT backend_type, state, usesysid, CASE WHEN backend_type = 'client backend' THEN xact_start END AS began,
                   format('process %s (%s)', pid, application_name) AS who
            FROM pg_stat_activity
            WHERE pid <> pg_backend_pid() AND application_name NOT LIKE 'eidolon %'
            UNION ALL
            SELECT 'prepared transaction', NULL, NULL, prepared, 'prepared transaction ' || gid
            FROM pg_prepared_xacts) AS session) AS a
LEFT JOIN LATERAL (SELECT slot_name, pg_current_wal_lsn() - restart_lsn AS bytes
                   -- one that was invalidated keeps its position, and no log
                   FROM pg_replication_slots WHERE restart_lsn IS NOT NULL AND wal_status IS DISTINCT FROM 'lost' ORDER BY bytes DESC LIMIT 1) AS s ON true
CROSS JOIN LATERAL (
  -- Complete files between the last one archived and the one that is being written; names hold their numbers.
  SELECT may_list,
         CASE WHEN NOT archiving THEN 0
              WHEN archived ~ '^[0-9A-F]{24}'
              THEN greatest(0, (('x' || substr(now, 9, 8))::bit(32)::bigint - ('x' || substr(archived, 9, 8))::bit(32)::bigint)
                                 * (4294967296 / size)
                               + ('x' || substr(now, 17, 8))::bit(32)::bigint - ('x' || substr(archived, 17, 8))::bit(32)::bigint
                               - 1)::bigint END AS archive_backlog
  FROM (SELECT current_setting('archive_mode') <> 'off' AS archiving,
               has_function_privilege('pg_catalog.pg_ls_archive_statusdir()', 'EXECUTE') AS may_list,
               pg_size_bytes(current_setting('wal_segment_size')) AS size,
               pg_walfile_name(pg_current_wal_lsn()) AS now, last_archived_wal AS archived
        FROM pg_stat_archiver) AS names) AS w
CROSS JOIN (SELECT inet_server_addr() IS NULL OR inet_server_addr() = inet_client_addr() AS same_host,
                   (SELECT array_agg(DISTINCT place)
                    FROM (SELECT setting FROM pg_settings WHERE name = 'data_directory'
                          UNION ALL SELECT setting || '/pg_wal' FROM pg_settings WHERE name = 'data_directory'
                          UNION ALL SELECT nullif(pg_tablespace_location(oid), '') FROM pg_tablespace) AS places (place)
                    WHERE place IS NOT NULL) AS directories) AS d
