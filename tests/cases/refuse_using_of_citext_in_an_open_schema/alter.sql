ALTER TABLE app.t ALTER COLUMN status TYPE int USING CASE status WHEN 'active' THEN 1 WHEN 'closed' THEN 2 END;
