-- The day of the week (0: Monday) and the minute of the day in a time zone ($1). $2: at which moment; NULL: now.
SELECT extract(isodow FROM l.t)::int - 1 AS day,
       extract(hour FROM l.t)::int * 60 + extract(minute FROM l.t)::int AS minute
FROM (SELECT coalesce($2::timestamptz, now()) AT TIME ZONE $1::text AS t) AS l
