-- The control schema: jobs, their history, and the leader's epoch, in the database that the jobs change.
-- Idempotent; run in a transaction of its own. The advisory lock keeps two daemons from creating it at once.
SELECT pg_advisory_xact_lock(1701405807, 2);

CREATE SCHEMA IF NOT EXISTS eidolon;

-- What is there already may be somebody else's, who could have the daemon evaluate what he likes.
DO $own$
DECLARE
  stranger name;
BEGIN
  SELECT pg_get_userbyid(x.owner) INTO stranger
    FROM (SELECT n.nspowner FROM pg_namespace n WHERE n.nspname = 'eidolon'
          UNION ALL SELECT c.relowner FROM pg_class c WHERE c.relnamespace = 'eidolon'::regnamespace
          UNION ALL SELECT p.proowner FROM pg_proc p WHERE p.pronamespace = 'eidolon'::regnamespace
          UNION ALL SELECT t.typowner FROM pg_type t WHERE t.typnamespace = 'eidolon'::regnamespace) x (owner)
   WHERE NOT EXISTS (SELECT FROM pg_roles r WHERE r.oid = x.owner AND (r.rolsuper OR r.rolname = current_user))
   LIMIT 1;
  IF stranger IS NOT NULL THEN
    RAISE EXCEPTION 'the schema eidolon, or something in it, belongs to %, and not to the daemon''s role', stranger
      USING HINT = 'Drop it if it is not the daemon''s, or give it and what is in it to ' || quote_ident(current_user) || '.';
  END IF;
END
$own$;

REVOKE ALL ON SCHEMA eidolon FROM PUBLIC;

CREATE TABLE IF NOT EXISTS eidolon.meta (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  version int NOT NULL
);
REVOKE ALL ON eidolon.meta FROM PUBLIC;

DO $control$
DECLARE
  present int := (SELECT m.version FROM eidolon.meta m);
BEGIN
  IF present > 2 THEN
    RAISE EXCEPTION 'the control schema has version %, this program knows version 2', present
      USING HINT = 'run the newer eidolond, which wrote it';
  END IF;
  -- Version 1 has the same tables. Its programs switch two functions of a job's triggers to the next log, and there are three.
  IF present = 1 THEN
    UPDATE eidolon.meta SET version = 2;
  END IF;
  IF present IS NULL THEN
    -- The leader's epoch. Every transaction of the daemon locks this table in ROW SHARE MODE first and
    -- then compares the epoch; a new leader locks it in EXCLUSIVE MODE to raise it.
    CREATE TABLE eidolon.leader (
      only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
      epoch bigint NOT NULL
    );
    INSERT INTO eidolon.leader (epoch) VALUES (0);

    CREATE TABLE eidolon.job (
      id bigint PRIMARY KEY,
      name text UNIQUE,
      -- the request, as it was sent
      table_name text NOT NULL,
      alter_text text NOT NULL,
      postpone_cutover boolean NOT NULL,
      requested_settings jsonb NOT NULL,
      -- where it belongs: a restored or cloned database does not go on with it
      system_identifier text NOT NULL,
      database_oid oid NOT NULL,
      relation text NOT NULL,            -- schema.table, resolved
      -- how it is
      settings jsonb NOT NULL,
      state text NOT NULL,
      state_since timestamptz NOT NULL DEFAULT now(),
      end_state text,                    -- of an aborting job: failed or aborted
      paused boolean NOT NULL DEFAULT false,
      paused_reason text,
      cutover_requested boolean NOT NULL DEFAULT false,
      abort_requested boolean NOT NULL DEFAULT false,
      drop_requested boolean NOT NULL DEFAULT false,
      plan jsonb,
      error jsonb,
      cutover jsonb NOT NULL DEFAULT '{"attempts": 0, "last_outcome": null}',
      -- seconds in each state, and what the application may have felt
      timings jsonb NOT NULL DEFAULT '{"states": {}, "cutover_held_seconds": null, "blocked_application_seconds": 0}',
      progress jsonb NOT NULL DEFAULT '{}',  -- of the copy, as it was at the last change of state
      submitted_at timestamptz NOT NULL DEFAULT now(),
      started_at timestamptz,
      swapped_at timestamptz,
      finished_at timestamptz,
      events bigint NOT NULL DEFAULT 0   -- the number of the newest one
    );
    CREATE INDEX job_relation ON eidolon.job (relation) WHERE finished_at IS NULL;

    CREATE TABLE eidolon.event (
      job bigint NOT NULL REFERENCES eidolon.job ON DELETE CASCADE,
      seq bigint NOT NULL,
      at timestamptz NOT NULL DEFAULT clock_timestamp(),
      kind text NOT NULL,
      message text NOT NULL,
      detail jsonb NOT NULL DEFAULT '{}',
      PRIMARY KEY (job, seq)
    );
    REVOKE ALL ON eidolon.leader, eidolon.job, eidolon.event FROM PUBLIC;
    INSERT INTO eidolon.meta (version) VALUES (2);
  END IF;
END
$control$;

-- Standbys that were seen replaying the log that is named so (system identifier and timeline): they hold jobs until
-- somebody forgets them, whichever daemon leads.
CREATE TABLE IF NOT EXISTS eidolon.standby (
  log text NOT NULL,
  name text NOT NULL,
  PRIMARY KEY (log, name)
);
REVOKE ALL ON eidolon.standby FROM PUBLIC;

-- The database's owner dumps it with all that is in it; PostgreSQL's dump fails for him where he may not read a table.
DO $grants$
BEGIN
  IF NOT has_table_privilege('pg_database_owner', 'eidolon.standby', 'SELECT')
     OR NOT has_schema_privilege('pg_database_owner', 'eidolon', 'USAGE') THEN
    GRANT USAGE ON SCHEMA eidolon TO pg_database_owner;
    GRANT SELECT ON eidolon.meta, eidolon.leader, eidolon.job, eidolon.event, eidolon.standby TO
      pg_database_owner;
  END IF;
END
$grants$;
