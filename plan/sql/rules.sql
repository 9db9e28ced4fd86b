-- The rules of a table. $1: the table's OID.
SELECT w.rulename AS name, pg_get_ruledef(w.oid) AS definition, w.ev_enabled AS enabled,
       obj_description(w.oid, 'pg_rewrite') AS comment
  FROM pg_catalog.pg_rewrite w
 WHERE w.ev_class = $1 AND w.rulename <> '_RETURN'
 ORDER BY w.oid
