-- A serial's sequence follows its column to bigint, or the wider column would run dry where the old one did.
ALTER SEQUENCE app.t_id_seq AS bigint;
