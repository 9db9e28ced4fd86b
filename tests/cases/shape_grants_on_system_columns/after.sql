GRANT USAGE ON SCHEMA app TO app_reader;
SET ROLE app_reader;
SELECT count(xmin) FROM app.t;
