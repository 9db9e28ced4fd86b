SET (fillfactor = 90, parallel_workers = 3), RESET (autovacuum_enabled), SET (toast.autovacuum_vacuum_scale_factor = 0.05)
