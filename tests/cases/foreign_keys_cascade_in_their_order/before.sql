-- table: app."order"
CREATE SCHEMA app;
CREATE TABLE app.account (id int PRIMARY KEY);
CREATE TABLE app."order" (id int PRIMARY KEY, account_id int NOT NULL REFERENCES app.account ON DELETE CASCADE, created date);
CREATE TABLE app.address (id int PRIMARY KEY, account_id int NOT NULL REFERENCES app.account ON DELETE CASCADE);
CREATE TABLE app.shipment (id int PRIMARY KEY, order_id int NOT NULL REFERENCES app."order" ON DELETE CASCADE, address_id int NOT NULL REFERENCES app.address);
INSERT INTO app.account SELECT i FROM generate_series(1, 100) i;
INSERT INTO app."order" SELECT i, i FROM generate_series(1, 100) i;
INSERT INTO app.address SELECT i, i FROM generate_series(1, 100) i;
INSERT INTO app.shipment SELECT i, i, i FROM generate_series(1, 100) i;
