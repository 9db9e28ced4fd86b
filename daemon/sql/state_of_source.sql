-- What has become of the table $1, called $3: whether a column of its key is called something else, or has another type,
-- than in the change log of the job with the schema $2, whose columns were made alike: then its triggers' functions fail,
-- and with them every write. Whether it is there at all, and has its name.
SELECT EXISTS (
  SELECT FROM pg_class l
    JOIN pg_namespace n ON n.oid = l.relnamespace
    JOIN pg_attribute k ON k.attrelid = l.oid AND k.attnum > 0 AND NOT k.attisdropped
   WHERE n.nspname = $2 AND l.relkind = 'r' AND l.relname ~ '^eidolon log [0-9]+$'
     AND NOT EXISTS (SELECT FROM pg_attribute a
                      WHERE a.attrelid = $1 AND a.attname = k.attname AND NOT a.attisdropped
                        AND a.atttypid = k.atttypid AND a.atttypmod = k.atttypmod)) AS altered,
       NOT EXISTS (SELECT FROM pg_class WHERE oid = $1) AS dropped,
       to_regclass($3) IS DISTINCT FROM $1::regclass AS renamed;
