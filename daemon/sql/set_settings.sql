-- $1 job, $2 the settings that change
UPDATE eidolon.job SET settings = settings || $2::jsonb WHERE id = $1 RETURNING settings
