ADD COLUMN rate app.percentage
