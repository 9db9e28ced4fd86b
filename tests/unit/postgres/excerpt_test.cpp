#include "postgres/excerpt.hpp"

#include <gtest/gtest.h>

namespace eidolon::postgres {
namespace {

TEST(excerpt, is_cut_between_characters) {
  EXPECT_EQ(excerpt("SELECT 1", 20), "SELECT 1");
  EXPECT_EQ(excerpt("SELECT 1", 8), "SELECT 1");
  EXPECT_EQ(excerpt("SELECT 1", 6), "SELECT");
  EXPECT_EQ(excerpt("Größe", 2), "Gr");
  EXPECT_EQ(excerpt("Größe", 3), "Gr");
  EXPECT_EQ(excerpt("Größe", 4), "Grö");
  EXPECT_EQ(excerpt("a😀b", 4), "a");
  EXPECT_EQ(excerpt("a😀b", 5), "a😀");
  EXPECT_EQ(excerpt("ö", 1), "");
  EXPECT_EQ(excerpt("", 0), "");
}

}  // namespace
}  // namespace eidolon::postgres
