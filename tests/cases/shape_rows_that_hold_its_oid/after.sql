-- The daemon leaves them as they are; the application says anew what they mean.
UPDATE app.t SET what = 'app.t' WHERE id = 1;
UPDATE app.audit SET relation = 'app.t' WHERE id = 1;
DO $$ BEGIN ASSERT (SELECT count(*) FROM app.audit WHERE relation = 'app.audit'::regclass) = 1; END $$;
