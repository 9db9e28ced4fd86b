ALTER TABLE app.orders RENAME COLUMN id TO number
