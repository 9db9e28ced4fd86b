CLUSTER ON orders_customer_idx, REPLICA IDENTITY USING INDEX orders_pair_idx
