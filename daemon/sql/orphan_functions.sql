-- Statements that make no-ops of the functions of job $1 that its triggers on other tables than its own call: from then on
-- these cost nothing and write nothing, whenever they can be dropped. They take no lock on a table.
SELECT DISTINCT format('CREATE OR REPLACE FUNCTION %I.%I() RETURNS pg_catalog.trigger LANGUAGE plpgsql AS %L',
                       s.nspname, p.proname, 'BEGIN RETURN NULL; END') AS statement
FROM pg_trigger t
JOIN pg_proc p ON p.oid = t.tgfoid
JOIN pg_namespace s ON s.oid = p.pronamespace
JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE s.nspname = 'eidolon_' || $1::bigint
  AND n.nspname NOT IN ('eidolon_' || $1::bigint, 'eidolon_' || $1::bigint || '_old')
  AND p.proname IN ('log_new', 'log_old', 'log_update')
  AND NOT t.tgisinternal
