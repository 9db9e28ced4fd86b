-- What decides whether a table can be taken at all. $1: the table's OID, $2: the job's schema.
WITH RECURSIVE {tree}
SELECT c.oid, n.nspname AS schema, c.relname AS name, c.relkind AS kind, c.relpersistence AS persistence,
       pg_get_userbyid(c.relowner) AS owner,
       pg_has_role(c.relowner, 'USAGE') AS may_act_as_owner,
       c.relispartition AS is_partition,
       EXISTS (SELECT FROM pg_catalog.pg_inherits h WHERE h.inhrelid = c.oid) AS has_parent,
       EXISTS (SELECT FROM pg_catalog.pg_inherits h WHERE h.inhparent = c.oid) AS has_children,
       c.reloftype <> 0 AS is_typed,
       coalesce((SELECT m.amname FROM pg_catalog.pg_am m WHERE m.oid = c.relam), '') AS access_method,
       c.relrowsecurity AND c.relforcerowsecurity
         AND NOT (SELECT r.rolsuper OR r.rolbypassrls FROM pg_catalog.pg_roles r WHERE r.oid = c.relowner) AS hidden_from_owner,
       (SELECT r.rolsuper OR r.rolbypassrls FROM pg_catalog.pg_roles r WHERE r.rolname = current_user) AS may_see_all,
       n.nspname LIKE 'pg\_%' OR n.nspname = 'information_schema' OR n.nspname ~ '^eidolon(_[0-9]+(_old)?)?$' AS system_schema,
       (SELECT x.extname FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension x ON x.oid = d.refobjid
         WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
           AND d.refclassid = 'pg_catalog.pg_extension'::regclass LIMIT 1) AS extension,
       (SELECT array_agg(DISTINCT pg_describe_object(d.classid, d.objid, 0)) FROM pg_catalog.pg_depend d
         WHERE d.deptype = 'x'
           AND (d.classid = 'pg_catalog.pg_trigger'::regclass
                AND d.objid IN (SELECT g.oid FROM pg_catalog.pg_trigger g JOIN tree t ON t.oid = g.tgrelid)
             OR d.classid = 'pg_catalog.pg_class'::regclass
                AND d.objid IN (SELECT i.indexrelid FROM pg_catalog.pg_index i JOIN tree t ON t.oid = i.indrelid)
             OR d.classid = 'pg_catalog.pg_proc'::regclass
                AND EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = d.classid AND e.objid = d.objid
                              AND e.refclassid = 'pg_catalog.pg_class'::regclass AND e.refobjid = c.oid))) AS tied_to_extensions,
       -- From PostgreSQL 17 and 18 on.
       (SELECT array_agg(x.what ORDER BY x.what)
          FROM (SELECT format('constraint %I, NOT NULL and NOT VALID', k.conname) AS what
                  FROM tree t JOIN pg_catalog.pg_constraint k ON k.conrelid = t.oid WHERE k.contype = 'n' AND NOT k.convalidated
                UNION ALL
                SELECT format('constraint %I, WITHOUT OVERLAPS', k.conname)
                  FROM tree t JOIN pg_catalog.pg_constraint k ON k.conrelid = t.oid JOIN pg_catalog.pg_index i ON i.indexrelid = k.conindid
                 WHERE k.contype IN ('p', 'u') AND i.indisexclusion
                UNION ALL
                SELECT format('foreign key %I of %I, which is partitioned, NOT VALID', k.conname, m.relname)
                  FROM tree t JOIN pg_catalog.pg_constraint k ON t.oid IN (k.conrelid, k.confrelid)
                  JOIN pg_catalog.pg_class m ON m.oid = k.conrelid
                 WHERE k.contype = 'f' AND NOT k.convalidated AND m.relkind = 'p'
                UNION ALL
                SELECT format('the access method of %I, which is partitioned', m.relname)
                  FROM tree t JOIN pg_catalog.pg_class m ON m.oid = t.oid WHERE m.relkind = 'p' AND m.relam <> 0) x) AS newer,
       coalesce(CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END, '') AS partition_key,
       current_setting('max_locks_per_transaction')::bigint
         * (current_setting('max_connections')::bigint + current_setting('max_prepared_transactions')::bigint) AS lock_slots,
       has_database_privilege(current_database(), 'CREATE') AS may_create_schema,
       has_schema_privilege(n.oid, 'CREATE') AND has_schema_privilege(n.oid, 'USAGE') AS may_create_in_schema,
       has_schema_privilege(c.relowner, n.oid, 'USAGE') AS owner_may_use_schema,
       -- owners can lose rights of their own
       (SELECT array_agg(x.what ORDER BY x.what)
          FROM (SELECT format('SELECT ON %s', m.oid::regclass) AS what
                  FROM tree t JOIN pg_catalog.pg_class m ON m.oid = t.oid WHERE NOT has_table_privilege(m.relowner, m.oid, 'SELECT')
                UNION ALL
                SELECT format('TRIGGER ON %s', t.oid::regclass) FROM tree t WHERE NOT has_table_privilege(t.oid, 'TRIGGER')
                UNION ALL
                SELECT format('UPDATE ON %s', t.oid::regclass) FROM tree t
                 WHERE NOT has_table_privilege(t.oid, 'UPDATE') AND NOT has_table_privilege(t.oid, 'DELETE')
                   AND NOT has_table_privilege(t.oid, 'TRUNCATE')
                UNION ALL
                SELECT format('SELECT ON SEQUENCE %s', s.oid::regclass)
                  FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_class s ON s.oid = d.objid AND s.relkind = 'S'
                 WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
                   AND d.refobjid IN (SELECT t.oid FROM tree t) AND d.refobjsubid > 0 AND d.deptype = 'i'
                   AND NOT has_table_privilege(s.oid, 'SELECT')) x
         WHERE pg_has_role(c.relowner, 'USAGE')) AS revoked,
       (SELECT array_agg(p.pubname::text ORDER BY p.pubname) FROM pg_catalog.pg_publication p WHERE p.puballtables) AS all_tables_publications,
       EXISTS (SELECT FROM pg_catalog.pg_subscription_rel r WHERE r.srrelid IN (SELECT t.oid FROM tree t)) AS subscribed,
       (SELECT array_agg(DISTINCT pg_get_userbyid(a.grantor)::text)
          FROM (SELECT (aclexplode(m.relacl)).grantor FROM tree t JOIN pg_catalog.pg_class m ON m.oid = t.oid
                UNION ALL SELECT (aclexplode(b.attacl)).grantor FROM tree t JOIN pg_catalog.pg_attribute b ON b.attrelid = t.oid) a
         WHERE NOT pg_has_role(a.grantor, 'MEMBER')) AS foreign_grantors,
       (SELECT array_agg(s.relname::text ORDER BY s.relname) FROM pg_catalog.pg_depend d
          JOIN pg_catalog.pg_class s ON s.oid = d.objid AND s.relkind = 'S'
         WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
           AND d.refobjid IN (SELECT t.oid FROM tree t) AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')) AS sequences,
       (SELECT min(split_part(f.nspname, '_', 2)::bigint) FROM pg_catalog.pg_trigger g
          JOIN pg_catalog.pg_proc p ON p.oid = g.tgfoid
          JOIN pg_catalog.pg_namespace f ON f.oid = p.pronamespace
         WHERE g.tgrelid = c.oid AND f.nspname ~ '^eidolon_[0-9]{1,18}$' AND f.nspname <> $2) AS other_job,
       -- The ghost's array type: _t, or __t where a decoy has that name (decoys.sql). But for types that go in the same swap.
       (SELECT min(format('%I.%I', m.relnamespace::regnamespace, y.typname))
          FROM tree t JOIN pg_catalog.pg_class m ON m.oid = t.oid JOIN pg_catalog.pg_type own ON own.typrelid = m.oid
         CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM pg_catalog.pg_type d
                                             WHERE d.typnamespace = m.relnamespace AND d.typname = ('_' || m.relname)::name AND d.typelem = 0
                                               AND d.typrelid NOT IN (SELECT t.oid FROM tree t)) AS has_decoy) x
          JOIN pg_catalog.pg_type y ON y.typnamespace = m.relnamespace AND y.oid <> own.typarray
                                   AND y.typname = (CASE WHEN x.has_decoy THEN '__' ELSE '_' END || m.relname)::name
                                   AND y.typrelid NOT IN (SELECT t.oid FROM tree t)
         WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_type e WHERE e.typarray = y.oid AND e.typrelid IN (SELECT t.oid FROM tree t)))
         AS taken_array_type,
       (SELECT d.definition FROM ({definition}) d) AS definition
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.oid = $1
