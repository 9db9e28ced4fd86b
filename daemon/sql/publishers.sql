SELECT pubname::text AS name FROM pg_publication
 WHERE puballtables AND to_regclass('eidolon.meta') IS NULL
 ORDER BY 1
