-- Whether a column of the key of the table $1 is called something else, or has another type, than in the change log of the
-- job with the schema $2, whose columns were made alike: then its triggers' functions fail, and with them every write.
SELECT EXISTS (
  SELECT FROM pg_class l
    JOIN pg_namespace n ON n.oid = l.relnamespace
    JOIN pg_attribute k ON k.attrelid = l.oid AND k.attnum > 0 AND NOT k.attisdropped
   WHERE n.nspname = $2 AND l.relkind = 'r' AND l.relname ~ '^eidolon log [0-9]+$'
     AND NOT EXISTS (SELECT FROM pg_attribute a
                      WHERE a.attrelid = $1 AND a.attname = k.attname AND NOT a.attisdropped
                        AND a.atttypid = k.atttypid AND a.atttypmod = k.atttypmod)) AS altered;
