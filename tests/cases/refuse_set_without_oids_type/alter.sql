ALTER TABLE app.orders OF app.shape
