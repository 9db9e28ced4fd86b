INSERT INTO app.seen SELECT 'by_state ' || state, n FROM app.by_state;
INSERT INTO app.seen SELECT 'many', count(*) FROM app.many UNION ALL SELECT 'both', count(*) FROM app.both;
INSERT INTO app.seen SELECT 'populated', count(*) FROM pg_matviews WHERE schemaname = 'app' AND ispopulated;
INSERT INTO app.orders (id, customer, state) VALUES (5000, 1, 'new');
REFRESH MATERIALIZED VIEW CONCURRENTLY app.by_state;
INSERT INTO app.seen SELECT 'refreshed ' || state, n FROM app.by_state;
