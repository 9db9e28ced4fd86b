-- What PostgreSQL prints without the schema of its operator means the same: it compares without heeding case.
SELECT 1 / ((SELECT count(*) FROM app.joined) = 1 AND (SELECT count(*) FROM app.natural_joined) = 1
            AND (SELECT a = 1 AND b IS NULL FROM app.cased WHERE id = 1) AND app.has('ANN@X.ORG') = 1)::int;
REFRESH MATERIALIZED VIEW app.kept;
SELECT 1 / ((SELECT count(*) FROM app.kept) = 1)::int;
UPDATE app.t SET email = upper(email::text)::public.citext WHERE id = 2;
SELECT 1 / ((SELECT count(*) FROM app.log) = 0)::int;
INSERT INTO app.t (id, email) VALUES (9, 'NOBODY@X.ORG');
SELECT 1 / ((SELECT count(*) FROM app.t) = 2)::int;
