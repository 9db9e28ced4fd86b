INSERT INTO eidolon.job (id, name, table_name, alter_text, postpone_cutover, requested_settings, system_identifier,
                         database_oid, relation, settings, state)
VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7, $8::bigint::oid, $9, $10::jsonb, 'queued')
