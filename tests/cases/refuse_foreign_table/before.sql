-- table: app.remote
CREATE EXTENSION file_fdw;
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
CREATE SCHEMA app;
CREATE FOREIGN TABLE app.remote (a text) SERVER files OPTIONS (filename '/dev/null');
