-- table: app.orders
CREATE SCHEMA app;
CREATE TABLE app.orders (id integer PRIMARY KEY, note text);
CREATE RULE kept AS ON DELETE TO app.orders DO INSTEAD UPDATE app.orders SET note = 'deleted' WHERE id = OLD.id RETURNING OLD.*;
INSERT INTO app.orders SELECT i, 'n' || i FROM generate_series(1, 100) AS i;
