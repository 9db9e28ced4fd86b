SELECT coalesce(max(j.id), 0) AS id FROM eidolon.job j
