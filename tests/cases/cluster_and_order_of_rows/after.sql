DO $$ BEGIN
  ASSERT (SELECT bool_and(o.later) FROM (SELECT place > lag(place) OVER (ORDER BY ctid) AS later FROM app.t) AS o), 'the rows lie in another order';
END $$;
