DO $$ BEGIN
  ASSERT (SELECT app.label(o) FROM app.orders o WHERE id = 7) = '    7s7';
  ASSERT (SELECT sum(extra) FROM app.all_orders()) = 300;
  ASSERT (SELECT app."sum Of"(array_agg(o)) FROM app.orders o) = 5050;
  ASSERT (SELECT count(*) FROM app.pairs()) = 100;
END $$;
