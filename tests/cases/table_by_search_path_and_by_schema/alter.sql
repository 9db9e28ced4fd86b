ALTER TABLE orders ADD COLUMN m mood DEFAULT 'sad';
ALTER TABLE public.orders ALTER COLUMN v TYPE mood USING v::mood;
COMMENT ON COLUMN orders.m IS 'by the search_path';
COMMENT ON COLUMN public.orders.v IS 'by its schema';
