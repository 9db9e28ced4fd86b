CALL app.place(5, 50);
CALL app.place(5000, 50);
CALL app.upsert(9);
SELECT app.add(6000);
