-- What an empty stand-in for a table at the other end of a foreign key needs: columns and the unique constraints that a
-- foreign key may refer to. key_columns: with the types of those that a foreign key can have; the owner of the other end
-- may not use the schemas of all types. $1: the table's OID.
WITH attribute AS (
  SELECT a.attnum, a.attname,
         format('%I %s%s', a.attname, format_type(a.atttypid, a.atttypmod),
                (SELECT format(' COLLATE %I.%I', n.nspname, l.collname) FROM pg_catalog.pg_collation l
                   JOIN pg_catalog.pg_namespace n ON n.oid = l.collnamespace
                  WHERE l.oid = a.attcollation)) AS definition,
         EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indrelid = $1 AND i.indisunique AND a.attnum = ANY (i.indkey))
           OR EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conrelid = $1 AND k.contype = 'f' AND a.attnum = ANY (k.conkey))
           AS in_key
    FROM pg_catalog.pg_attribute a WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped)
SELECT (SELECT string_agg(a.definition, ', ' ORDER BY a.attnum) FROM attribute a) AS columns,
       (SELECT string_agg(CASE WHEN a.in_key THEN a.definition ELSE format('%I pg_catalog.text', a.attname) END, ', ' ORDER BY a.attnum)
          FROM attribute a) AS key_columns,
       (SELECT array_agg(format('%s (%s)', CASE WHEN i.indisprimary THEN 'PRIMARY KEY' ELSE 'UNIQUE' END,
                                (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY u.ord)
                                   FROM unnest(i.indkey::int2[]) WITH ORDINALITY u(attnum, ord)
                                   JOIN pg_catalog.pg_attribute a ON a.attrelid = $1 AND a.attnum = u.attnum
                                  WHERE u.ord <= i.indnkeyatts)) ORDER BY i.indisprimary DESC, i.indexrelid)
          FROM pg_catalog.pg_index i
         WHERE i.indrelid = $1 AND i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL AND i.indexprs IS NULL
           AND NOT EXISTS (SELECT FROM unnest(i.indkey::int2[]) WITH ORDINALITY u(attnum, ord)  -- once more, in another collation
                            WHERE u.ord <= i.indnkeyatts GROUP BY u.attnum HAVING count(*) > 1))
         AS keys,
       (SELECT c.relkind = 'p' FROM pg_catalog.pg_class c WHERE c.oid = $1) AS is_partitioned,
       (SELECT c.relkind IN ('r', 'p') AND c.relpersistence = 'p' FROM pg_catalog.pg_class c WHERE c.oid = $1) AS is_permanent,
       has_table_privilege($1::oid, 'UPDATE') OR has_table_privilege($1::oid, 'DELETE') OR has_table_privilege($1::oid, 'TRUNCATE')
         AS may_lock
