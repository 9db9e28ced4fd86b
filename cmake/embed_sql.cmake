# Writes a header with one constexpr std::string_view per SQL file.
# The comment that a file begins with stays behind: errors and the server's log show the statement's own beginning.
# Input: FOLDER and NAMESPACE (eidolon::<FOLDER>::<NAMESPACE>), HEADER (output), FILES (list of .sql files).
set(out "// Generated from the .sql files of ${FOLDER}/sql.\n#pragma once\n#include <string_view>\n\nnamespace eidolon::${FOLDER}::${NAMESPACE} {\n\n")
foreach(file IN LISTS FILES)
  get_filename_component(name ${file} NAME_WE)
  file(READ ${file} text)
  string(REGEX REPLACE "^(--[^\n]*\n)+" "" text "${text}")
  string(APPEND out "inline constexpr std::string_view ${name} = R\"__sql__(${text})__sql__\";\n\n")
endforeach()
string(APPEND out "}  // namespace eidolon::${FOLDER}::${NAMESPACE}\n")
file(WRITE ${HEADER} "${out}")
