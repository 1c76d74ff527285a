# One library a folder of src/, linked as cmake/layers.txt allows.
add_library(atls_options INTERFACE)
target_compile_options(atls_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror
  $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor -Woverloaded-virtual>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports std::string and std::variant moves as uninitialised or overflowing when it inlines them.
  target_compile_options(atls_options INTERFACE
    $<$<COMPILE_LANGUAGE:CXX>:-Wno-maybe-uninitialized -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread>)
endif()
if(ATLS_SANITIZE)
  target_compile_options(atls_options INTERFACE -fsanitize=${ATLS_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(atls_options INTERFACE -fsanitize=${ATLS_SANITIZE})
endif()
if(ATLS_FUZZ)
  target_compile_options(atls_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

file(STRINGS ${CMAKE_SOURCE_DIR}/cmake/layers.txt ATLS_LAYER_LINES REGEX "^[a-z]+:")

# atls_layer(NAME): static library atls_NAME from src/NAME/*.cpp (main.cpp excepted).
function(atls_layer name)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cpp ${CMAKE_SOURCE_DIR}/src/${name}/*.c)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  set(scope PUBLIC)
  if(sources)
    add_library(atls_${name} STATIC ${sources})
    target_link_libraries(atls_${name} PRIVATE atls_options)
  else()
    add_library(atls_${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(atls_${name} ${scope} ${CMAKE_SOURCE_DIR}/src)
  foreach(line ${ATLS_LAYER_LINES})
    if(line MATCHES "^${name}:(.*)$")
      string(STRIP "${CMAKE_MATCH_1}" allowed)
      separate_arguments(allowed)
      foreach(other ${allowed})
        # A single header of a folder needs no link: it holds interfaces only.
        if(NOT other MATCHES "/")
          target_link_libraries(atls_${name} ${scope} atls_${other})
        endif()
      endforeach()
    endif()
  endforeach()
endfunction()

# atls_test(NAME SOURCES... [LIBRARIES ...]): a GoogleTest program, one CTest case a program: a process for each of a
# thousand tests would spend its time on making keys.
function(atls_test name)
  cmake_parse_arguments(arg "" "" "LIBRARIES;LABELS" ${ARGN})
  add_executable(${name} ${arg_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE ${arg_LIBRARIES} atls_options GTest::gtest_main GTest::gmock)
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  # Test code runs briefly and is compiled often; under the sanitizers -O0 halves that.
  target_compile_options(${name} PRIVATE -O0)
  add_test(NAME ${name} COMMAND ${name} --gtest_brief=1)
  set_tests_properties(${name} PROPERTIES LABELS "${arg_LABELS}" TIMEOUT 900)
endfunction()
