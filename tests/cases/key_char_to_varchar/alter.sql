ALTER COLUMN k TYPE character varying(20) USING k::character varying(20)
