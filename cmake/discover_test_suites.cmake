# discover_test_suites(<target> LABELS <labels> TIMEOUT <seconds>) registers one ctest entry
# per GoogleTest suite of the target. The suites are asked for once the target is built.
function(discover_test_suites target)
  cmake_parse_arguments(ARG "" "LABELS;TIMEOUT" "" ${ARGN})
  set(list ${CMAKE_CURRENT_BINARY_DIR}/${target}_suites.cmake)
  add_custom_command(
    TARGET ${target} POST_BUILD
    COMMAND ${CMAKE_COMMAND} -DPROGRAM=$<TARGET_FILE:${target}> -DLIST=${list} -DLABELS=${ARG_LABELS}
            -DTIMEOUT=${ARG_TIMEOUT} -P ${CMAKE_SOURCE_DIR}/cmake/list_test_suites.cmake
    VERBATIM)
  # Before the first build ctest says that the tests are missing, rather than that all have passed.
  set(include ${CMAKE_CURRENT_BINARY_DIR}/${target}_include.cmake)
  file(WRITE ${include}
       "if(EXISTS \"${list}\")\n  include(\"${list}\")\nelse()\n  add_test(${target}_NOT_BUILT ${target}_NOT_BUILT)\nendif()\n")
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${include})
endfunction()
