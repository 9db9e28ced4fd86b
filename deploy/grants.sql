-- What the daemon's role needs in one database, and why; docs/privileges.md says what is missing without each. Run by
-- a superuser, in that database, again whenever tables of another owner are to be altered:
--
--   psql -d app -v daemon=eidolon -v database=app -v owners=app_owner,report_owner -f deploy/grants.sql
--
-- daemon    the role that eidolond logs in as; it is made if it does not exist
-- database  the database whose tables it alters
-- owners    whom it may act as, with commas between: the owners of the tables, of what hangs on them (views, functions
--           with SQL bodies, statistics, publications, tables at the other end of foreign keys) and of the schemas
--           that hold them, and roles that granted privileges on the tables
\set ON_ERROR_STOP on

SELECT format('CREATE ROLE %I LOGIN', :'daemon')
 WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = :'daemon') \gexec

-- ALTER TABLE, and making again what hangs on the table, ask for its owner. The daemon uses it by inheritance.
SELECT format('GRANT %I TO %I', btrim(owner), :'daemon')
  FROM regexp_split_to_table(:'owners', ',') AS owner WHERE btrim(owner) <> '' \gexec

-- The control schema and the jobs' schemas.
GRANT CONNECT, CREATE ON DATABASE :"database" TO :"daemon";

-- Who is in the way of a lock, and how far the replicas are.
GRANT pg_read_all_stats TO :"daemon";

-- Only the deadlock check makes an autovacuum give way to the daemon's short attempts at a lock (PostgreSQL 15 and later).
SELECT format('GRANT SET ON PARAMETER deadlock_timeout TO %I', :'daemon')
 WHERE current_setting('server_version_num')::integer >= 150000 \gexec

-- For the setting force_after: cancelling, and then terminating, who is in the way of a cutover.
GRANT pg_signal_backend TO :"daemon";

-- For autovacuum, which counts as a superuser's (PostgreSQL 18 and later; before, only the deadlock check ends it).
SELECT format('GRANT pg_signal_autovacuum_worker TO %I', :'daemon')
 WHERE current_setting('server_version_num')::integer >= 180000 \gexec
