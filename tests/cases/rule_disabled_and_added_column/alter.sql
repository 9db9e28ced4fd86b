ADD COLUMN extra integer, DISABLE RULE keep, ENABLE ALWAYS RULE remember
