-- What every session of the daemon depends on, so that no default of the role, the
-- database or the server's configuration leaks in. What decides only what a user's expression means stays as the role has
-- it (TimeZone, bytea_output, lc_*, default_text_search_config, …); what decides that, and how definitions are printed and
-- read again, too, is put back for such expressions (plan/as_owner.hpp).

-- The daemon keeps its own deadlines. Before everything else: the role's own limit holds until then.
SET statement_timeout = 0;
BEGIN ISOLATION LEVEL READ COMMITTED NOT DEFERRABLE;

-- First, because it changes how the next one is stored.
SET quote_all_identifiers = off;
SET search_path = pg_catalog, pg_temp;
SET default_transaction_isolation = 'read committed';
SET default_transaction_read_only = off;
SET default_transaction_deferrable = off;

-- For what the daemon forgets: a lock that is waited for outside a lock attempt, a transaction left open.
SET lock_timeout = '10s';
SET idle_in_transaction_session_timeout = '60s';

-- An error rather than rows that a policy hides.
SET row_security = off;
-- The copy reads by block range; without it every chunk would read the whole table.
SET enable_tidscan = on;
-- A key of a partitioned table is looked up in the one leaf that can hold it.
SET enable_partition_pruning = on;
-- The daemon's statements are short and many: compiling them costs more than it gives (200 ms each was seen).
SET jit = off;

-- What the daemon remembers of what it committed (how much of a log was applied) must not be lost behind its back: by a
-- server that restarts between two looks at it.
SELECT set_config('synchronous_commit', 'local', false) WHERE current_setting('synchronous_commit') = 'off';

-- What is created goes where the statement says, and definitions read the same in every session.
SET default_tablespace = '';
SET default_table_access_method = heap;
SET standard_conforming_strings = on;
SET backslash_quote = safe_encoding;
SET transform_null_equals = off;
-- Bodies that the catalog printed were checked when they were written.
SET check_function_bodies = off;
SET client_encoding = 'UTF8';
SET client_min_messages = warning;
-- A constant that the catalog prints is the same one when it is read again: floats with all their digits, times with an
-- offset rather than an abbreviation that may mean another zone, xml that is no document, arrays with a NULL.
SET extra_float_digits = 3;
SET DateStyle = 'ISO';
SET IntervalStyle = 'postgres';
SET xmloption = content;
SET array_nulls = on;

-- What the server may not know, or the role may not set:
-- deadlock_timeout: only the deadlock check cancels an autovacuum that is in the way of a lock, and only it ends a circle of
--   locks with the application, so it comes early in the daemon's sessions;
-- client_connection_check_interval: a statement whose client is gone is cancelled;
-- idle_session_timeout: pooled connections may idle;
-- tcp_keepalives_*, tcp_user_timeout: a session whose client's machine is gone keeps its locks for a minute, and not for the
--   two hours that TCP takes to notice, also where it waits for what the client should send (COPY); nothing on a Unix socket;
-- transaction_timeout: the daemon keeps its own deadlines (PostgreSQL 17);
-- backend_flush_after: pages that its sessions have to write out go to the disk at once, a few at a time, rather than all
--   together later, when the application's commits have to wait for them (docs/benchmarks.md); 0 is all that some systems take.
DO $$
DECLARE
  wish record;
BEGIN
  FOR wish IN
    SELECT * FROM (VALUES ('deadlock_timeout', '20ms'),
                          ('client_connection_check_interval', '1s'),
                          ('idle_session_timeout', '0'),
                          ('transaction_timeout', '0'),
                          ('tcp_keepalives_idle', '20s'),
                          ('tcp_keepalives_interval', '10s'),
                          ('tcp_keepalives_count', '4'),
                          ('tcp_user_timeout', '60s'),
                          ('backend_flush_after', '512kB')) AS wishes (name, value)
  LOOP
    BEGIN
      PERFORM set_config(wish.name, wish.value, false);
    EXCEPTION WHEN insufficient_privilege OR undefined_object OR invalid_parameter_value THEN
      NULL;
    END;
  END LOOP;
END
$$;

COMMIT;
