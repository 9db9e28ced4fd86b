-- For the rest of the transaction: full pages in the write-ahead log compressed by lz4, if the server has it, does not compress
-- them already, and lets the role say so.
DO $$
BEGIN
  IF current_setting('wal_compression') = 'off' THEN
    PERFORM set_config('wal_compression', 'lz4', true);
  END IF;
EXCEPTION WHEN insufficient_privilege OR invalid_parameter_value THEN
  NULL;
END
$$;
