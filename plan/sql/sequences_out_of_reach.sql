-- Sequences from which the defaults of added columns take values, and the table's owner, as whom they are evaluated, may
-- not. $1: the clone's OID, $2: the number of its last column before the statements, $3: the owner.
SELECT DISTINCT s.oid::regclass::text AS name
  FROM pg_catalog.pg_attrdef d
  JOIN pg_catalog.pg_depend x ON x.classid = 'pg_catalog.pg_attrdef'::regclass AND x.objid = d.oid AND x.refclassid = 'pg_catalog.pg_class'::regclass
  JOIN pg_catalog.pg_class s ON s.oid = x.refobjid
 WHERE d.adrelid = $1 AND d.adnum > $2 AND CASE WHEN s.relkind = 'S' THEN NOT has_sequence_privilege($3::name, s.oid, 'USAGE, UPDATE') END
 ORDER BY 1
