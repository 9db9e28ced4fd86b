-- Nobody in the demo is a superuser: the application owns its tables, and the daemon has what docs/privileges.md asks for.
CREATE ROLE app LOGIN;
CREATE ROLE eidolon LOGIN;
GRANT app, pg_read_all_stats TO eidolon;
GRANT CREATE ON DATABASE postgres TO app, eidolon;
GRANT SET ON PARAMETER deadlock_timeout TO eidolon;
