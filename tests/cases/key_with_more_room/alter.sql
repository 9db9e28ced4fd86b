ALTER COLUMN code TYPE character(20), ALTER COLUMN at TYPE timestamp, ALTER COLUMN zoned TYPE timestamptz(6),
ALTER COLUMN hour TYPE time(4), ALTER COLUMN amount TYPE numeric(20, 2), ALTER COLUMN bits TYPE bit varying
