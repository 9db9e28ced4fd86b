#!/usr/bin/env bash
# Run once by the postgres image, in a new database: the application's role, and the daemon's with its privileges.
set -euo pipefail
in_app=(psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username=postgres --dbname=app)

"${in_app[@]}" --set=password="$APP_PASSWORD" <<'END'
CREATE ROLE app LOGIN PASSWORD :'password';
GRANT ALL ON SCHEMA public TO app;
END
"${in_app[@]}" --set=daemon=eidolon --set=database=app --set=owners=app --file=/etc/eidolon/grants.sql
"${in_app[@]}" --set=password="$EIDOLON_PASSWORD" <<'END'
ALTER ROLE eidolon PASSWORD :'password';
END
