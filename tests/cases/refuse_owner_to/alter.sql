ALTER TABLE app.orders ADD COLUMN extra integer, OWNER TO app_owner;
