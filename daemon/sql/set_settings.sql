-- $1 job, $2 the settings that change. Who sets how long the old table is kept has not asked to drop it now, or not any more.
UPDATE eidolon.job SET settings = settings || $2::jsonb, drop_requested = drop_requested AND NOT ($2::jsonb ? 'keep_old')
WHERE id = $1 RETURNING settings
