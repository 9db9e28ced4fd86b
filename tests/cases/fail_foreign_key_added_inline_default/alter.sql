ADD COLUMN agent integer DEFAULT 700 REFERENCES app.customers
