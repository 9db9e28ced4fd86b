-- Whether functions of role $1's can be kept from him by the schema they are in. Who is a member of the daemon's role, or a
-- superuser, can do what it can anyway.
SELECT pg_has_role(r.oid, current_user, 'MEMBER')
    OR NOT (pg_has_role(r.oid, 'pg_read_all_data', 'MEMBER') OR pg_has_role(r.oid, 'pg_write_all_data', 'MEMBER')) AS may_last
  FROM pg_catalog.pg_roles r WHERE r.rolname = $1
