INSERT INTO app_parts.orders_0 SELECT id + 1000, v FROM app_parts.orders_0 WHERE false;
INSERT INTO app.orders VALUES (600, 5);
