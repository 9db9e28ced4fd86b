-- table: public.orders
CREATE SCHEMA app;
CREATE TYPE app.mood AS ENUM ('sad', 'happy');
CREATE TYPE public.mood AS ENUM ('other');
CREATE TABLE public.orders (id integer PRIMARY KEY, v text);
INSERT INTO public.orders SELECT i, 'happy' FROM generate_series(1, 100) AS i;
ALTER DATABASE :"DBNAME" SET search_path = app, public;
CREATE SCHEMA other;
CREATE TABLE other.orders (id integer PRIMARY KEY, v text);
