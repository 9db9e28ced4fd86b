-- table: app.t
-- no load: its trigger's sequence numbers show what was rolled back
-- The trigger's function is in another schema; its table's numbers show that it fired for nothing else.
CREATE SCHEMA app;
CREATE SCHEMA audit;
CREATE TABLE app.t (id integer PRIMARY KEY, v text, n integer, changes integer NOT NULL DEFAULT 0);
INSERT INTO app.t SELECT i, 'v' || i, i FROM generate_series(1, 300) AS i;
CREATE TABLE audit.changes (id bigserial PRIMARY KEY, of text, op text, was jsonb, "is" jsonb, who name);
CREATE FUNCTION audit.record() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  INSERT INTO audit.changes (of, op, was, "is", who) VALUES (TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME, TG_OP,
    CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END, CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END, session_user);
  RETURN NULL;
END $$;
CREATE FUNCTION app.count_changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.changes := OLD.changes + 1; RETURN NEW; END $$;
CREATE TRIGGER zz_audit AFTER INSERT OR UPDATE OR DELETE ON app.t FOR EACH ROW EXECUTE FUNCTION audit.record();
CREATE TRIGGER count_changes BEFORE UPDATE ON app.t FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION app.count_changes();
UPDATE app.t SET n = 0 WHERE id = 5;
