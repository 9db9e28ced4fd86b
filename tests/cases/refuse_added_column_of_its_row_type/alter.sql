ADD COLUMN parents app.t[]
