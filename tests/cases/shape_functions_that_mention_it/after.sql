SELECT 1 / (app.count_t() = 300)::int;
