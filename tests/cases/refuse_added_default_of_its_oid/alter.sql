ADD COLUMN source regclass DEFAULT 'app.t'::regclass
