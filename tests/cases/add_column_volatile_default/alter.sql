ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid(), ADD COLUMN dice double precision DEFAULT random()
