-- The highest number that was given out here: to a job, or to schemas whose job's record is gone.
SELECT greatest((SELECT max(j.id) FROM eidolon.job j),
                (SELECT max(substring(n.nspname FROM '^eidolon_(\d{1,18})(?:_old)?$')::bigint) FROM pg_namespace n),
                0) AS id
