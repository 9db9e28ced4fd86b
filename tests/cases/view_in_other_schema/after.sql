CREATE TABLE app.seen (what text);
INSERT INTO app.seen SELECT sum(amount)::text FROM reports.paid;
INSERT INTO app.seen SELECT label || amount FROM reports.labelled;
