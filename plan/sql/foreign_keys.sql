-- Foreign keys out of, into and within a table; one that involves a partitioned table has further rows for its
-- partitions, which come and go with it. $1: the table's OID.
SELECT k.oid, k.conname AS name, pg_get_constraintdef(k.oid) AS definition, k.convalidated AS validated,
       k.conrelid = $1 AS outgoing, k.confrelid = $1 AS incoming,
       o.oid AS other, format('%I.%I', n.nspname, o.relname) AS other_name,
       o.relkind = 'p' AS other_is_partitioned,
       p.schemas AS part_schemas, p.tables AS part_tables, p.names AS part_names, p.kinds AS part_kinds,
       (WITH RECURSIVE referenced(oid) AS (
          SELECT k.confrelid UNION SELECT h.inhrelid FROM referenced r JOIN pg_catalog.pg_inherits h ON h.inhparent = r.oid)
        SELECT count(*) - 1 FROM referenced)::int AS referenced_partitions,
       k.confmatchtype = 'f' AS match_full,
       a.names AS action_names, a.functions AS action_functions,
       (SELECT array_agg(format('OPERATOR(%I.%s)', m.nspname, p.oprname) ORDER BY u.ord)
          FROM unnest(k.conpfeqop) WITH ORDINALITY u(operator, ord)
          JOIN pg_catalog.pg_operator p ON p.oid = u.operator
          JOIN pg_catalog.pg_namespace m ON m.oid = p.oprnamespace) AS operators,
       (SELECT pg_get_userbyid(t.relowner) FROM pg_catalog.pg_class t WHERE t.oid = k.conrelid) AS on_owner,
       NOT EXISTS (WITH RECURSIVE below(oid) AS (
                     SELECT k.oid UNION ALL SELECT l.oid FROM below b JOIN pg_catalog.pg_constraint l ON l.conparentid = b.oid)
                   SELECT FROM below b JOIN pg_catalog.pg_trigger t ON t.tgconstraint = b.oid WHERE t.tgenabled <> 'O') AS enforced,
       -- an action changes a column by which rows are divided among the partitions
       EXISTS (WITH RECURSIVE below(oid) AS (
                 SELECT k.conrelid UNION SELECT h.inhrelid FROM below b JOIN pg_catalog.pg_inherits h ON h.inhparent = b.oid)
               SELECT FROM below b
                 JOIN pg_catalog.pg_class c ON c.oid = b.oid AND c.relkind = 'p'
                 JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'i'
                                            AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = c.oid AND d.refobjsubid = 0
                 JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid
                 JOIN pg_catalog.pg_attribute m ON m.attrelid = k.conrelid AND m.attname = a.attname AND m.attnum = ANY (k.conkey)
                WHERE k.confupdtype IN ('c', 'n', 'd')
                   -- of some columns only: PostgreSQL 15
                   OR k.confdeltype IN ('n', 'd') AND coalesce(nullif(to_jsonb(k) -> 'confdelsetcols', 'null') @> to_jsonb(m.attnum), true))
         AS may_move_rows,
       -- SET CONSTRAINTS with its name would not find those of the partitions
       k.condeferrable AND EXISTS (SELECT FROM unnest(p.names, p.schemas) u(name, schema), pg_catalog.pg_namespace s
                                    WHERE s.oid = k.connamespace AND (u.name <> k.conname OR u.schema <> s.nspname))
         AS deferred_by_other_names,
       (SELECT array_agg(a.attname::text ORDER BY u.ord) FROM unnest(k.conkey) WITH ORDINALITY u(attnum, ord)
          JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.attnum) AS columns,
       (SELECT array_agg(a.attname::text ORDER BY u.ord) FROM unnest(k.confkey) WITH ORDINALITY u(attnum, ord)
          JOIN pg_catalog.pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.attnum) AS referenced_columns,
       (SELECT format('%I.%I', m.nspname, t.relname) FROM pg_catalog.pg_class t
          JOIN pg_catalog.pg_namespace m ON m.oid = t.relnamespace WHERE t.oid = k.conrelid) AS on_table,
       obj_description(k.oid, 'pg_constraint') AS comment,
       CASE WHEN k.conrelid <> $1 AND NOT pg_has_role(o.relowner, 'USAGE') THEN pg_get_userbyid(o.relowner) END AS missing_owner,
       k.conrelid = $1 AND k.confrelid <> $1
         AND NOT (SELECT bool_and(has_column_privilege(o.oid, u.attnum, 'REFERENCES')) FROM unnest(k.confkey) u(attnum)) AS may_not_refer,
       CASE WHEN NOT has_schema_privilege(n.oid, 'USAGE') THEN n.nspname::text END AS missing_schema,
       -- of a partitioned table, asked again after the swap, as its owner
       NOT EXISTS (SELECT FROM pg_catalog.pg_class c
          WHERE c.oid = k.conrelid
            AND (has_table_privilege(c.relowner, k.confrelid, 'REFERENCES')
                 OR (SELECT bool_and(has_column_privilege(c.relowner, k.confrelid, u.attnum, 'REFERENCES')) FROM unnest(k.confkey) u(attnum))))
         AS owner_may_not_refer,
       (SELECT min(s.nspname::text) FROM pg_catalog.pg_namespace s, pg_catalog.pg_class c
         WHERE c.oid = k.conrelid AND NOT has_schema_privilege(c.relowner, s.oid, 'USAGE')
           AND (s.nspname = ANY (p.schemas) OR s.oid IN (SELECT e.relnamespace FROM pg_catalog.pg_class e WHERE e.oid IN (k.conrelid, k.confrelid))))
         AS owner_missing_schema,
       -- it is validated as the owner of the referencing table, whose look at all rows at once policies may spoil
       EXISTS (SELECT FROM pg_catalog.pg_class r, pg_catalog.pg_class c JOIN pg_catalog.pg_roles v ON v.oid = c.relowner
                WHERE r.oid = k.confrelid AND r.relrowsecurity AND r.relforcerowsecurity AND c.oid = k.conrelid
                  AND NOT v.rolsuper AND NOT v.rolbypassrls AND pg_has_role(v.oid, r.relowner, 'USAGE'))
         AS hidden_from_owner,
       has_table_privilege(o.oid, 'UPDATE') OR has_table_privilege(o.oid, 'DELETE') OR has_table_privilege(o.oid, 'TRUNCATE')
         AS may_lock
  FROM pg_catalog.pg_constraint k
  JOIN pg_catalog.pg_class o ON o.oid = CASE WHEN k.conrelid = $1 THEN k.confrelid ELSE k.conrelid END
  JOIN pg_catalog.pg_namespace n ON n.oid = o.relnamespace,
       -- of a partitioned table: the constraints of its partitions, the deepest first
       LATERAL (WITH RECURSIVE part(oid, conrelid, conname, level) AS (
                  SELECT l.oid, l.conrelid, l.conname, 1 FROM pg_catalog.pg_constraint l
                   WHERE l.conparentid = k.oid AND l.conrelid <> k.conrelid
                  UNION ALL
                  SELECT l.oid, l.conrelid, l.conname, a.level + 1 FROM part a
                    JOIN pg_catalog.pg_constraint l ON l.conparentid = a.oid AND l.conrelid <> a.conrelid)
                SELECT array_agg(m.nspname::text ORDER BY a.level DESC, a.oid) AS schemas,
                       array_agg(t.relname::text ORDER BY a.level DESC, a.oid) AS tables,
                       array_agg(a.conname::text ORDER BY a.level DESC, a.oid) AS names,
                       array_agg(t.relkind::text ORDER BY a.level DESC, a.oid) AS kinds
                  FROM part a JOIN pg_catalog.pg_class t ON t.oid = a.conrelid
                  JOIN pg_catalog.pg_namespace m ON m.oid = t.relnamespace) p,
       -- What happens at a row of the other table that goes, for this key and for those of other tables, happens in the
       -- order of the triggers' names, which say when they were made.
       LATERAL (SELECT array_agg(t.tgname::text ORDER BY t.oid) AS names, array_agg(t.tgfoid::regproc::text ORDER BY t.oid) AS functions
                  FROM pg_catalog.pg_trigger t
                 WHERE t.tgconstraint = k.oid AND t.tgrelid = k.confrelid AND k.conrelid = $1 AND k.confrelid <> $1
                   AND EXISTS (SELECT FROM pg_catalog.pg_constraint x
                                WHERE x.contype = 'f' AND x.confrelid = k.confrelid AND x.conrelid <> k.conrelid)) a
 WHERE k.contype = 'f' AND k.conparentid = 0 AND (k.conrelid = $1 OR k.confrelid = $1)
 ORDER BY k.oid
