-- It is of no use to anyone, so the new table is built without it.
DROP INDEX app.orders_half_built_idx;
