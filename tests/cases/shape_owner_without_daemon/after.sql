INSERT INTO app.t (v) VALUES ('later');
