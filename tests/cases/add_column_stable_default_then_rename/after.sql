-- One value for every row that was there; which one is a matter of the clock.
SELECT 1 / (count(DISTINCT seen_at) = 1 AND max(seen_at) <= now() AND max(seen_at) > now() - interval '1 hour')::int FROM app.orders;
UPDATE app.orders SET seen_at = '2026-01-01 00:00:00+00';
