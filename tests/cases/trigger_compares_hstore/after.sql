UPDATE app.t SET attrs = 'a=>1' WHERE id = 1;
UPDATE app.t SET attrs = 'a=>2' WHERE id = 2;
SELECT 1 / ((SELECT sum(updates) FROM app.t) = 1)::int;
