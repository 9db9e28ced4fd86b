ALTER TABLE app.orders ADD COLUMN seen app.moment DEFAULT now(), ADD COLUMN ours app.moment_of_ours, ADD COLUMN address app.address DEFAULT 'a@b';
ALTER TABLE app.orders RENAME COLUMN address TO mail;
