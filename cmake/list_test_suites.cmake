# Writes a ctest file with one add_test per suite of PROGRAM.
# Input: PROGRAM, LIST (output), LABELS, TIMEOUT.
execute_process(COMMAND ${PROGRAM} --gtest_list_tests OUTPUT_VARIABLE listing COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "(^|\n)[^ \n][^ \n]*\\." suites "${listing}")
set(text "")
foreach(suite IN LISTS suites)
  string(STRIP "${suite}" suite)
  string(REGEX REPLACE "\\.$" "" name "${suite}")
  string(APPEND text
         "add_test([=[${name}]=] [=[${PROGRAM}]=] [=[--gtest_filter=${suite}*]=])\n"
         "set_tests_properties([=[${name}]=] PROPERTIES LABELS ${LABELS} TIMEOUT ${TIMEOUT})\n")
endforeach()
file(WRITE ${LIST} "${text}")
