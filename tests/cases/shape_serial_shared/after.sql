INSERT INTO app.t (v) VALUES ('later');
INSERT INTO app.other_user DEFAULT VALUES;
