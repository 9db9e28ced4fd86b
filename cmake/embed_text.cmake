# Writes a header that holds one file as a constexpr std::string_view.
# Input: FILE, HEADER (output), NAMESPACE, NAME (of the constant).
get_filename_component(base ${FILE} NAME)
file(READ ${FILE} text)
file(WRITE ${HEADER}
  "// Generated from ${base}.\n#pragma once\n#include <string_view>\n\nnamespace ${NAMESPACE} {\n\n"
  "inline constexpr std::string_view ${NAME} = R\"__text__(${text})__text__\";\n\n"
  "}  // namespace ${NAMESPACE}\n")
