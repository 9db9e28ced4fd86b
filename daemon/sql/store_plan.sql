-- $1 job, $2 plan
UPDATE eidolon.job SET plan = $2::jsonb WHERE id = $1
