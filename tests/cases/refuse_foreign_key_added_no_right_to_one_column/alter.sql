ADD CONSTRAINT t_r_fkey FOREIGN KEY (x, y) REFERENCES app.r (a, b)
