CREATE TABLE app.seen (what text);
INSERT INTO app.seen SELECT id || name || extra FROM app.joined WHERE id < 50;
INSERT INTO app.seen SELECT id || name FROM app.aliased WHERE id < 50;
