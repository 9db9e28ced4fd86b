UPDATE app.states SET name = 'q' WHERE name = 'p';
