-- The indexes of a table in the order of their creation, with the constraint that each serves. $1: the table's OID.
SELECT i.indexrelid AS oid,
       c.relname AS name,
       pg_get_indexdef(i.indexrelid) AS definition,
       i.indisunique AS is_unique,
       i.indisvalid AS valid,
       i.indimmediate AS immediate,
       i.indisclustered AS clustered,
       i.indisreplident AS replica_identity,
       i.indpred IS NOT NULL AS partial,
       i.indexprs IS NOT NULL AS has_expressions,
       m.amname AS method,
       coalesce(t.spcname, '') AS tablespace,
       c.reloptions AS options,
       -- the index of the parent table to which it is attached
       (SELECT o.relname FROM pg_catalog.pg_inherits h JOIN pg_catalog.pg_class o ON o.oid = h.inhparent
         WHERE h.inhrelid = c.oid) AS parent,
       obj_description(i.indexrelid, 'pg_class') AS comment,
       k.conname AS constraint_name,
       coalesce(k.contype::text, '') AS constraint_type,
       pg_get_constraintdef(k.oid) AS constraint_definition,
       coalesce(k.condeferrable, false) AS deferrable,
       coalesce(k.condeferred, false) AS deferred,
       obj_description(k.oid, 'pg_constraint') AS constraint_comment,
       (SELECT array_agg(a.attname ORDER BY u.ord)
          FROM unnest(i.indkey::int2[]) WITH ORDINALITY u(attnum, ord)
          JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = u.attnum
         WHERE u.ord <= i.indnkeyatts) AS key_columns,
       -- whether apply can find rows through it with the columns' own operators and collations
       (SELECT bool_and(u.attnum > 0 AND a.attcollation IS NOT DISTINCT FROM i.indcollation[u.ord::int - 1] AND o.opcdefault)
          FROM unnest(i.indkey::int2[]) WITH ORDINALITY u(attnum, ord)
          LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = u.attnum
          LEFT JOIN pg_catalog.pg_opclass o ON o.oid = i.indclass[u.ord::int - 1]
         WHERE u.ord <= i.indnkeyatts) AS plain_columns,
       (SELECT bool_and(a.attnotnull)
          FROM unnest(i.indkey::int2[]) WITH ORDINALITY u(attnum, ord)
          JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = u.attnum
         WHERE u.ord <= i.indnkeyatts) AS all_not_null,
       (SELECT array_agg(DISTINCT n.nspname::text)
          FROM unnest(i.indclass::oid[]) u(opclass)
          JOIN pg_catalog.pg_opclass o ON o.oid = u.opclass
          JOIN pg_catalog.pg_amop p ON p.amopfamily = o.opcfamily AND p.amoplefttype = o.opcintype AND p.amoprighttype = o.opcintype
          JOIN pg_catalog.pg_operator r ON r.oid = p.amopopr
          JOIN pg_catalog.pg_namespace n ON n.oid = r.oprnamespace) AS operator_schemas,
       (SELECT array_agg(format('%s %s', a.attnum, a.attstattarget) ORDER BY a.attnum)
          FROM pg_catalog.pg_attribute a
         WHERE a.attrelid = i.indexrelid AND a.attstattarget >= 0) AS statistics_targets
  FROM pg_catalog.pg_index i
  JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
  JOIN pg_catalog.pg_am m ON m.oid = c.relam
  LEFT JOIN pg_catalog.pg_tablespace t ON t.oid = c.reltablespace
  LEFT JOIN pg_catalog.pg_constraint k ON k.conindid = i.indexrelid AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u', 'x')
 WHERE i.indrelid = $1
 ORDER BY i.indexrelid
