ADD COLUMN extra integer, DISABLE TRIGGER nope
