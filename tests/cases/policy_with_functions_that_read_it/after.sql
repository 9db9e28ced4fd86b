CREATE TABLE app.seen (what text);
GRANT INSERT ON app.seen TO app_reader;
SET ROLE app_reader;
INSERT INTO app.seen SELECT count(*)::text FROM app.orders;
