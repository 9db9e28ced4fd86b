ALTER INDEX app.orders_customer_idx SET (fillfactor = 50);
