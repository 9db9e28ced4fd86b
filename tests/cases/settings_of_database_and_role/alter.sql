ALTER COLUMN "select" TYPE text USING at::text || until::text || took::text || raw::text || quote_ident('x') || coalesce(list::text, 'none') || CASE WHEN "select" = NULL THEN 'transformed' ELSE 'not' END || xmlelement(name x, raw)::text,
ADD COLUMN since date DEFAULT '01/02/2026', ADD COLUMN lasts interval DEFAULT '-1 2:03:04',
ADD COLUMN words text[] DEFAULT '{a,NULL}', ADD COLUMN written text DEFAULT '0.30000000000000004'::float8::text
