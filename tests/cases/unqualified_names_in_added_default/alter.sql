ADD COLUMN x int NOT NULL DEFAULT public.outer_one()
