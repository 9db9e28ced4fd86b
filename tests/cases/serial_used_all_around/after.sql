INSERT INTO app.t (v) VALUES ('after');
INSERT INTO app.w (v) VALUES ('through the view');
CREATE TABLE app.seen AS SELECT app.next(), last_value, n FROM app.last;
