ADD COLUMN parent_id integer REFERENCES app.orders, ALTER COLUMN id TYPE bigint
