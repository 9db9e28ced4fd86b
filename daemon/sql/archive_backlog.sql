-- Files that wait to be archived, counted in their directory: for a server that has not archived any yet.
SELECT count(*)::int AS files FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready'
