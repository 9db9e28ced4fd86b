SET extra_float_digits = 0; SET enable_seqscan = off; SET enable_bitmapscan = off;
-- What the index on text holds.
SELECT count(*) / (count(*) FILTER (WHERE at::text = '0.3'))::int FROM app.measured WHERE at::text = '0.3';
