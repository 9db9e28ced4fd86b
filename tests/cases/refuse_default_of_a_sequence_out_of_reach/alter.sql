ADD COLUMN extra integer DEFAULT nextval('app.numbers')
