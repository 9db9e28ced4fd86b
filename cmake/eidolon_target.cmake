# eidolon_target(<folder> [LINK <targets>...] [SQL_NAMESPACE <name>]) makes the static library
# eidolon_<folder> of every .cpp file in the folder and below (subfolders with
# a CMakeLists.txt of their own are left out), and embeds the folder's sql/*.sql.

# Asio's, Beast's and JSON's definitions are compiled once, in eidolon_config.
add_compile_definitions(
  BOOST_ASIO_SEPARATE_COMPILATION
  BOOST_BEAST_SEPARATE_COMPILATION
  BOOST_ASIO_NO_DEPRECATED
  BOOST_ASIO_DISABLE_VISIBILITY)

add_library(eidolon_options INTERFACE)
target_include_directories(eidolon_options INTERFACE ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR}/generated)
target_compile_options(eidolon_options INTERFACE -Wall -Wextra -Wshadow -Wnon-virtual-dtor -fcoroutines)
if(EIDOLON_WERROR)
  target_compile_options(eidolon_options INTERFACE -Werror)
endif()
if(EIDOLON_SANITIZE)
  target_compile_options(eidolon_options INTERFACE -fsanitize=${EIDOLON_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(eidolon_options INTERFACE -fsanitize=${EIDOLON_SANITIZE})
endif()

set(EIDOLON_PRECOMPILED_HEADER ${CMAKE_SOURCE_DIR}/cmake/precompiled.hpp)

# Each folder/sql/name.sql becomes eidolon::<folder>::sql::name, a std::string_view,
# in the header "<folder>/sql.hpp"; sql_namespace replaces "sql" where that name is taken.
function(eidolon_embed_sql target folder sql_namespace)
  file(GLOB sql_files CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/sql/*.sql)
  if(NOT sql_files)
    return()
  endif()
  set(header ${CMAKE_BINARY_DIR}/generated/${folder}/sql.hpp)
  add_custom_command(
    OUTPUT ${header}
    COMMAND ${CMAKE_COMMAND} -DFOLDER=${folder} -DNAMESPACE=${sql_namespace} -DHEADER=${header} "-DFILES=${sql_files}"
            -P ${CMAKE_SOURCE_DIR}/cmake/embed_sql.cmake
    DEPENDS ${sql_files} ${CMAKE_SOURCE_DIR}/cmake/embed_sql.cmake
    VERBATIM)
  target_sources(${target} PRIVATE ${header})
endfunction()

function(eidolon_target folder)
  cmake_parse_arguments(ARG "" "SQL_NAMESPACE" "LINK;EXCLUDE" ${ARGN})
  if(NOT ARG_SQL_NAMESPACE)
    set(ARG_SQL_NAMESPACE sql)
  endif()
  set(target eidolon_${folder})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  foreach(pattern IN LISTS ARG_EXCLUDE)
    list(FILTER sources EXCLUDE REGEX ${pattern})
  endforeach()
  add_library(${target} STATIC ${sources})
  set_target_properties(${target} PROPERTIES LINKER_LANGUAGE CXX)
  target_link_libraries(${target} PUBLIC eidolon_options ${ARG_LINK})
  target_precompile_headers(${target} PRIVATE ${EIDOLON_PRECOMPILED_HEADER})
  eidolon_embed_sql(${target} ${folder} ${ARG_SQL_NAMESPACE})
endfunction()
