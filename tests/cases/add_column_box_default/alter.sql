ALTER TABLE app.t ADD COLUMN x box DEFAULT '(1,2),(0,0)', ADD COLUMN t text[] DEFAULT '{"a,b",NULL,"{\\"}',
  ADD COLUMN b box[] NOT NULL DEFAULT '{(1,2),(0,0);(3,4),(1,1)}', ADD COLUMN e text DEFAULT '';
