-- What was asked for; a request once made stays. $1 job, $2 cutover, $3 abort, $4 drop-old
UPDATE eidolon.job
SET cutover_requested = cutover_requested OR $2, abort_requested = abort_requested OR $3, drop_requested = drop_requested OR $4
WHERE id = $1
