-- For the rest of the transaction: the write-ahead log compressed by what the server has for it, if the role may say so.
DO $$
DECLARE
  method text;
BEGIN
  FOREACH method IN ARRAY ARRAY['on', 'lz4'] LOOP
    BEGIN
      PERFORM set_config('wal_compression', method, true);
    EXCEPTION WHEN insufficient_privilege OR invalid_parameter_value THEN
      NULL;
    END;
  END LOOP;
END
$$;
