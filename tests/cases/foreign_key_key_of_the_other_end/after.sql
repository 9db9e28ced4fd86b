DELETE FROM app.people WHERE id = 10;
