ADD COLUMN agent integer NOT NULL DEFAULT 7 REFERENCES app.customers
