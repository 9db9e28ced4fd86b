// A swap whose COMMIT lasts, for tests in which something happens meanwhile.
#pragma once
#include <string>

namespace eidolon::test {

// SQL that makes it last so long, by a deferred trigger on the job's record. The daemon has whatever an owner deferred
// done before COMMIT, for the rest of the transaction; this one is put off again.
inline std::string slow_commit_of_the_swap(int seconds) {
  const std::string when =
      " FOR EACH ROW WHEN (OLD.state = 'cutting_over' AND NEW.state = 'validating') EXECUTE FUNCTION ";
  return "CREATE FUNCTION public.dawdle() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(" +
         std::to_string(seconds) +
         "); RETURN NULL; END'; "
         "CREATE FUNCTION public.put_off() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN SET CONSTRAINTS ALL DEFERRED; "
         "RETURN NEW; END'; "
         "CREATE TRIGGER put_off BEFORE UPDATE ON eidolon.job" +
         when +
         "public.put_off(); "
         "CREATE CONSTRAINT TRIGGER dawdle AFTER UPDATE ON eidolon.job DEFERRABLE INITIALLY DEFERRED" +
         when + "public.dawdle()";
}

}  // namespace eidolon::test
