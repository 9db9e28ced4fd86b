-- table: eidolon.job
SELECT 1;
