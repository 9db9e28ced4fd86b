INSERT INTO app.orders (id, customer, mail, amount) VALUES (2000, 3, 'last@example.org', 9000);
REFRESH MATERIALIZED VIEW CONCURRENTLY app.totals;
REFRESH MATERIALIZED VIEW reports.best;
REFRESH MATERIALIZED VIEW reports.letters;
REFRESH MATERIALIZED VIEW reports.by_view;
REFRESH MATERIALIZED VIEW app.empty;
REFRESH MATERIALIZED VIEW app.emptier;
SELECT 1 / (count(*) = 3 AND max(id) = 2000)::int FROM reports.last;
