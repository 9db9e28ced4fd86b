-- A load that knows nothing of the case: it writes to the altered table, to those that refer to it and to those that it
-- refers to, and leaves every row as it was, so that the case's result stays the same. Rows are updated with their own values, deleted
-- and inserted again by one statement, or deleted and rolled back. What a table does not bear (a row that a NOT VALID
-- constraint would object to, triggers that write down what happens) is found out beforehand, by trying it on all rows.
CREATE SCHEMA touching;
CREATE TABLE touching.target (name text, what text, PRIMARY KEY (name, what));

CREATE FUNCTION touching.statement(name text, what text, one boolean) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  columns text;
  assignments text;
  rows text := CASE WHEN one THEN format('(tableoid, ctid) = (SELECT tableoid, ctid FROM %s ORDER BY random() LIMIT 1)', name) ELSE 'true' END;
BEGIN
  SELECT string_agg(quote_ident(attname), ', '), string_agg(format('%1$I = %1$I', attname), ', ') FILTER (WHERE attidentity <> 'a')
    INTO columns, assignments
    FROM pg_attribute WHERE attrelid = name::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '';
  RETURN CASE what
    WHEN 'update' THEN format('UPDATE %s SET %s WHERE %s', name, assignments, rows)
    WHEN 'insert again' THEN format('WITH gone AS (DELETE FROM %1$s WHERE %2$s RETURNING *) INSERT INTO %1$s (%3$s) OVERRIDING SYSTEM VALUE SELECT %3$s FROM gone',
                                    name, rows, columns)
    ELSE format('DELETE FROM %s WHERE %s', name, rows)
  END;
END $$;

-- A row that others refer to may refuse to go, but not because of a table of a job's.
CREATE FUNCTION touching.run_and_undo(statement text, what text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  referring text;
BEGIN
  EXECUTE statement;
  SET CONSTRAINTS ALL IMMEDIATE;
  RAISE SQLSTATE 'UNDO0';
EXCEPTION
  WHEN SQLSTATE 'UNDO0' THEN NULL;
  WHEN foreign_key_violation OR restrict_violation THEN
    GET STACKED DIAGNOSTICS referring = SCHEMA_NAME;
    IF what <> 'delete' OR referring LIKE 'eidolon%' THEN RAISE; END IF;
END $$;

CREATE FUNCTION touching.bears(of text, what text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  IF what <> 'delete' AND EXISTS (
    SELECT FROM (SELECT of::regclass UNION SELECT relid FROM pg_partition_tree(of)) AS t(relation)
     WHERE EXISTS (SELECT FROM pg_trigger WHERE tgrelid = relation AND NOT tgisinternal)
        OR EXISTS (SELECT FROM pg_rewrite WHERE ev_class = relation)
        OR what = 'insert again' AND EXISTS (SELECT FROM pg_constraint WHERE confrelid = relation AND confdeltype <> 'a'))
  THEN RETURN false; END IF;
  PERFORM touching.run_and_undo(touching.statement(of, what, false), what);
  RETURN true;
EXCEPTION WHEN OTHERS THEN RETURN false;
END $$;

CREATE FUNCTION touching.find(altered regclass) RETURNS void LANGUAGE sql AS $$
INSERT INTO touching.target
SELECT t.relation::text, w.what
  FROM (SELECT altered UNION SELECT conrelid FROM pg_constraint WHERE confrelid = altered UNION SELECT confrelid FROM pg_constraint
         WHERE conrelid = altered AND contype = 'f') AS t(relation),
       (VALUES ('update'), ('insert again'), ('delete')) AS w(what)
 WHERE touching.bears(t.relation::text, w.what)
ON CONFLICT DO NOTHING
$$;

-- One transaction: one to three rows, of any of the tables.
CREATE FUNCTION touching.some_rows() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  t touching.target;
BEGIN
  FOR t IN SELECT * FROM touching.target, generate_series(1, 3) ORDER BY random() LIMIT 1 + floor(random() * 3) LOOP
    -- It names the columns, and must not wait with them for the swap.
    IF t.what = 'insert again' THEN EXECUTE format('LOCK TABLE %s IN ROW EXCLUSIVE MODE', t.name); END IF;
    IF t.what = 'delete' THEN
      PERFORM touching.run_and_undo(touching.statement(t.name, t.what, true), t.what);
    ELSE
      EXECUTE touching.statement(t.name, t.what, true);
    END IF;
  END LOOP;
END $$;
