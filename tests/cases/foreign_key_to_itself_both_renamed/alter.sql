ALTER TABLE app.orders RENAME id TO number;
ALTER TABLE app.orders RENAME parent TO "of";
