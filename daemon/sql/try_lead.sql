-- Held by the session until it ends; taken again by a session that holds it, it would have to be given back twice.
SELECT EXISTS (SELECT FROM pg_locks l
               WHERE l.locktype = 'advisory' AND l.pid = pg_backend_pid() AND l.classid = 1701405807 AND l.objid = 1)
       OR pg_try_advisory_lock(1701405807, 1) AS leads
