ADD CONSTRAINT c CHECK (parent IS NULL OR app.find(parent) IS NOT NULL)
