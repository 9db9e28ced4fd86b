ALTER TABLE app."order" ADD COLUMN note text, ALTER COLUMN created TYPE timestamp;
