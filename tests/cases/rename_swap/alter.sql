ALTER TABLE app.orders RENAME COLUMN email TO tmp;
ALTER TABLE app.orders RENAME COLUMN note TO email;
ALTER TABLE app.orders RENAME COLUMN tmp TO note;
