-- Columns of the table $1 whose collation sorts by other rules now than when it was recorded, by which the indexes were
-- built: the C library or ICU was exchanged. {default}: whether the database's own does, d being the database.
SELECT a.attname::text AS "column",
       CASE l.collprovider WHEN 'd' THEN 'the database' ELSE 'collation ' || l.oid::regcollation END AS of
  FROM pg_catalog.pg_attribute a
  JOIN pg_catalog.pg_collation l ON l.oid = a.attcollation
  JOIN pg_catalog.pg_database d ON d.datname = current_database()
 WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped
   AND CASE l.collprovider WHEN 'd' THEN {default} ELSE l.collversion <> pg_catalog.pg_collation_actual_version(l.oid) END
 ORDER BY a.attnum
