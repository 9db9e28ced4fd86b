-- $1 job, $2 settings
UPDATE eidolon.job SET settings = $2::jsonb WHERE id = $1
