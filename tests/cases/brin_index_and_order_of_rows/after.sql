DO $$ BEGIN
  ASSERT (SELECT bool_and(o.later) FROM (SELECT id > lag(id) OVER (ORDER BY ctid) AS later FROM app.t) AS o), 'the rows lie in another order';
END $$;
