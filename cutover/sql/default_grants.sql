-- What the default privileges of a schema give on a sequence that is created there: those of the new tables' columns ($1) that
-- the user's statement added were created elsewhere. $2: sequences that there were before, or that have taken over from one.
SELECT format('SET LOCAL ROLE %s; GRANT %s ON SEQUENCE %s TO %s%s; RESET ROLE', quote_ident(pg_get_userbyid(s.relowner)),
              x.privilege_type, s.oid::regclass,
              CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END,
              CASE WHEN x.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END) AS statement
  FROM pg_depend e
  JOIN pg_class s ON s.oid = e.objid AND s.relkind = 'S'
  JOIN pg_default_acl d ON d.defaclrole = s.relowner AND d.defaclnamespace = s.relnamespace AND d.defaclobjtype = 'S'
 CROSS JOIN LATERAL aclexplode(d.defaclacl) WITH ORDINALITY x(grantor, grantee, privilege_type, is_grantable, ord)
 WHERE e.classid = 'pg_class'::regclass AND e.refclassid = 'pg_class'::regclass AND e.deptype IN ('a', 'i') AND e.refobjsubid > 0
   AND e.refobjid IN (SELECT t::regclass FROM unnest($1::text[]) t)
   AND NOT EXISTS (SELECT FROM unnest($2::text[]) t WHERE to_regclass(t) = s.oid)
 ORDER BY s.oid, x.ord
