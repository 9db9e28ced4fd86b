-- The tables of one job, in its own schema, which is first on the search_path. The ghost is there as well, and what belongs
-- to it: names that begin with "eidolon " are the job's own (plan/planner.cpp refuses a table that has one).
-- What the source was when the triggers were installed; one row. See plan/sql/batch_check.sql.
CREATE TABLE "eidolon source" (one boolean PRIMARY KEY DEFAULT true, files text, triggers text);
-- The copy's progress: each lane is a run of blocks [first_block, end_block), copied up to next_block.
-- A chunk's rows and its lane's new next_block commit together.
CREATE TABLE "eidolon lane" (
  id integer PRIMARY KEY,
  leaf integer NOT NULL,  -- the copied table: its number among the source's leaves; 0 where it has none
  first_block bigint NOT NULL,
  next_block bigint NOT NULL,
  end_block bigint NOT NULL,
  rows bigint NOT NULL DEFAULT 0
);
-- Steps that happen once, recorded in the transaction that takes them.
CREATE TABLE "eidolon step" (name text PRIMARY KEY);
-- Who owns the database dumps it.
GRANT SELECT ON "eidolon source", "eidolon lane", "eidolon step" TO pg_database_owner;
