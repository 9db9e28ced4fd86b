-- Whether a session waits for a lock on a table that another one ($1) has, or is ahead of it in the queue for.
SELECT EXISTS (SELECT FROM pg_locks w
               WHERE NOT w.granted AND w.locktype = 'relation'
                 AND w.database = (SELECT oid FROM pg_database WHERE datname = current_database())
                 AND $1 = ANY (pg_blocking_pids(w.pid))) AS waits
