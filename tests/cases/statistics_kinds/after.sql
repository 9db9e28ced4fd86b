ANALYZE app.orders;
