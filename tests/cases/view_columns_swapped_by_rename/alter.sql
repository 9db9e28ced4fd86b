ALTER TABLE app.orders RENAME email TO x;
ALTER TABLE app.orders RENAME note TO email;
ALTER TABLE app.orders RENAME x TO note;
ALTER TABLE app.orders ADD COLUMN extra integer;
