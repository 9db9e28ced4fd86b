CREATE TABLE app.s1 AS TABLE app.grouping_sets;
CREATE TABLE app.s2 AS TABLE app.distincts;
CREATE TABLE app.s3 AS TABLE app.samples;
CREATE TABLE app.s4 AS TABLE app.lists;
CREATE TABLE app.s5 AS TABLE app.cte;
CREATE TABLE app.s6 AS SELECT id, note, amount, pair, r FROM app.typed;
CREATE TABLE app.s7 AS TABLE app.literals;
