UPDATE app.t SET double = 1 WHERE id = 1;
