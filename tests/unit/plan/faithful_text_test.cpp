#include "plan/faithful_text.hpp"

#include <gtest/gtest.h>

namespace eidolon::plan {
namespace {

TEST(faithful_text, says_the_type_of_an_array_that_is_cast) {
  EXPECT_EQ(
      faithful("((state)::text = ANY ((ARRAY['a]'::character varying, 'b'::character varying])::text[]))", "SELECT "),
      "((state)::text = ANY ((ARRAY['a]'::character varying, 'b'::character varying]::character varying[])::text[]))");
  EXPECT_EQ(
      faithful("CREATE INDEX i ON public.t USING btree (a) WHERE (b = ANY ((ARRAY['x'::\"S\".\"T y\"])::text[]))"),
      "CREATE INDEX i ON public.t USING btree (a) WHERE (b = ANY ((ARRAY['x'::\"S\".\"T y\"]::\"S\".\"T "
      "y\"[])::text[]))");
  EXPECT_EQ(faithful("CHECK (((v)::text = ANY ((ARRAY['a'::character varying(3)])::text[]))) NOT VALID",
                     "ALTER TABLE t ADD "),
            "CHECK (((v)::text = ANY ((ARRAY['a'::character varying(3)]::character varying(3)[])::text[]))) NOT VALID");
}

TEST(faithful_text, leaves_other_arrays_alone) {
  for (const std::string text : {"(a = ANY (ARRAY['x'::text, 'y'::text]))", "('{a,b}'::text[])", "(ARRAY[]::text[])",
                                 "(ARRAY['x'::text, (b)::character varying])::text[]", "(ARRAY[1, 2])::bigint[]"})
    EXPECT_EQ(faithful(text, "SELECT "), text);
}

TEST(faithful_text, says_the_type_of_an_array_with_columns) {
  EXPECT_EQ(faithful("(s = ANY ((ARRAY['a'::character varying, v, 'b'::character varying])::text[]))", "SELECT "),
            "(s = ANY ((ARRAY['a'::character varying, v, 'b'::character varying]::character varying[])::text[]))");
}

TEST(faithful_text, does_not_cut_the_others_to_the_length_of_one) {
  const std::string text = "((v)::text = ANY ((ARRAY[w, (x)::character varying(3)])::text[]))";
  EXPECT_EQ(faithful(text, "SELECT "), text);
}

// As BETWEEN and comparisons of rows are printed.
TEST(faithful_text, keeps_lists_of_conditions_apart) {
  EXPECT_EQ(faithful("(((a >= 1) AND (a <= 5)) AND (b > 0))", "SELECT "),
            "(((a >= 1) AND (a <= 5))::boolean AND (b > 0))");
  EXPECT_EQ(faithful("((((a = 1) OR (a = 2)) OR (a = 3)) OR ((b AND c) AND d))", "SELECT "),
            "((((a = 1) OR (a = 2))::boolean OR (a = 3))::boolean OR ((b AND c)::boolean AND d))");
  EXPECT_EQ(faithful("CREATE INDEX i ON public.t USING btree (b) WHERE (((a < 1) OR (a > 5)) OR (b > 0))"),
            "CREATE INDEX i ON public.t USING btree (b) WHERE (((a < 1) OR (a > 5))::boolean OR (b > 0))");
  for (const std::string text :
       {"((a >= 1) AND (a <= 5))", "(((a OR b) AND c) OR d)", "(c AND ((a >= 1) AND (a <= 5)))", "((a AND b) OR c)",
        "((( SELECT (x AND y) FROM public.u WHERE x AND y)) AND c)"})
    EXPECT_EQ(faithful(text, "SELECT "), text);
}

TEST(faithful_text, keeps_a_minus_apart) {
  EXPECT_EQ(faithful("((- 1) + (- 2.5))", "SELECT "), "((- 1::integer) + (- 2.5::numeric))");
  for (const std::string text : {"('-1'::integer)", "(a - 1)", "(- '1'::bigint)", "(- a)"})
    EXPECT_EQ(faithful(text, "SELECT "), text);
}

TEST(faithful_text, names_a_constant_that_has_no_name) {
  EXPECT_EQ(
      faithful(" SELECT x.a FROM ( SELECT t.a FROM public.t UNION ALL SELECT NULL::timestamp without time zone) x;"),
      " SELECT x.a FROM ( SELECT t.a FROM public.t UNION ALL SELECT NULL::timestamp without time zone AS \"?column?\") "
      "x;");
  EXPECT_EQ(
      faithful("(EXISTS ( SELECT 'x'::text, ('y'::text)::character varying(3) FROM public.u WHERE true))", "SELECT "),
      "(EXISTS ( SELECT 'x'::text AS \"?column?\", ('y'::text)::character varying(3) AS \"?column?\" FROM public.u "
      "WHERE true))");
  EXPECT_EQ(
      faithful("CREATE RULE r AS ON INSERT TO public.t DO INSTEAD INSERT INTO public.u (a) SELECT '-1'::integer FROM "
               "public.t RETURNING '-1'::integer;"),
      "CREATE RULE r AS ON INSERT TO public.t DO INSTEAD INSERT INTO public.u (a) SELECT '-1'::integer AS "
      "\"?column?\" FROM public.t RETURNING '-1'::integer AS \"?column?\";");
}

TEST(faithful_text, leaves_names_and_whole_expressions_alone) {
  for (const std::string text : {"NULL::boolean", "(NULL::boolean)", "((a)::text = 'x'::text)"})
    EXPECT_EQ(faithful(text, "SELECT "), text);
  for (const std::string text :
       {" SELECT NULL::integer AS n, (t.a)::text AS a FROM public.t;", "not to be parsed 'x'::text"})
    EXPECT_EQ(faithful(text), text);
}

}  // namespace
}  // namespace eidolon::plan
