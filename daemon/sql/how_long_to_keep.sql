-- What is recorded of how long a job's old table is kept. Nobody says otherwise until the transaction ends. $1: job
SELECT settings ->> 'keep_old' AS keep_old, drop_requested FROM eidolon.job WHERE id = $1 FOR UPDATE
