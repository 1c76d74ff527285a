# mbed TLS 2.28.x from source, with libcrypto beneath it: target atls::mbedtls.
# Its config and the ALT headers come from src/tls/mbedtls_config by the order of -I, so an installed libmbedtls-dev never matters.
find_package(OpenSSL 3 REQUIRED COMPONENTS Crypto)
find_package(Threads REQUIRED)

if(ATLS_MBEDTLS_SOURCE)
  set(mbedtls_source ${ATLS_MBEDTLS_SOURCE})
else()
  execute_process(COMMAND ${CMAKE_SOURCE_DIR}/scripts/fetch_mbedtls
    OUTPUT_VARIABLE mbedtls_source OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE fetch_result)
  if(NOT fetch_result EQUAL 0)
    message(FATAL_ERROR "mbed TLS could not be fetched, see above")
  endif()
endif()
if(NOT EXISTS ${mbedtls_source}/library/ssl_cli.c)
  message(FATAL_ERROR "${mbedtls_source} is not an mbed TLS 2.28 tree")
endif()
file(STRINGS ${mbedtls_source}/include/mbedtls/version.h mbedtls_version REGEX "MBEDTLS_VERSION_STRING  *\"2\\.28\\.")
if(NOT mbedtls_version)
  message(FATAL_ERROR "${mbedtls_source}: atls needs mbed TLS 2.28.x, later versions lack SSL 3.0 and TLS 1.0")
endif()

file(GLOB mbedtls_sources ${mbedtls_source}/library/*.c)
list(FILTER mbedtls_sources EXCLUDE REGEX "/psa_[a-z_]*\\.c$")
add_library(atls_mbedtls STATIC ${mbedtls_sources})
add_library(atls::mbedtls ALIAS atls_mbedtls)
target_include_directories(atls_mbedtls SYSTEM BEFORE PUBLIC
  ${CMAKE_SOURCE_DIR}/src/tls/mbedtls_config ${mbedtls_source}/include PRIVATE ${mbedtls_source}/library)
target_compile_definitions(atls_mbedtls PUBLIC MBEDTLS_USER_CONFIG_FILE="atls_mbedtls_config.h")
# Always optimised: an unoptimised bignum makes tests crawl. Their warnings are not ours.
target_compile_options(atls_mbedtls PRIVATE -w -O2)
if(ATLS_SANITIZE)
  target_compile_options(atls_mbedtls PRIVATE -fsanitize=${ATLS_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
endif()
if(ATLS_FUZZ)
  target_compile_options(atls_mbedtls PRIVATE -fsanitize=fuzzer-no-link)
endif()
# The hooks that mbed TLS calls are in atls_tls: a cycle of two static libraries, which CMake resolves.
target_link_libraries(atls_mbedtls PUBLIC OpenSSL::Crypto Threads::Threads INTERFACE atls_tls)
# Calls between mbed TLS's files that have no ALT hook. Works for static libraries without LTO.
target_link_options(atls_mbedtls INTERFACE
  LINKER:--wrap=mbedtls_mpi_exp_mod LINKER:--wrap=mbedtls_ct_hmac
  LINKER:--wrap=mbedtls_md_hmac_starts LINKER:--wrap=mbedtls_md_hmac_finish LINKER:--wrap=mbedtls_md_hmac_reset
  LINKER:--wrap=mbedtls_x509_crt_verify_restartable)
set_target_properties(atls_mbedtls PROPERTIES INTERPROCEDURAL_OPTIMIZATION OFF)

# The tests of the hooks call mbed TLS itself; unit_tls comes into being later.
function(atls_mbedtls_for_tests)
  if(TARGET unit_tls)
    target_link_libraries(unit_tls PRIVATE atls::mbedtls OpenSSL::SSL)
  endif()
endfunction()
cmake_language(DEFER DIRECTORY ${CMAKE_SOURCE_DIR} CALL atls_mbedtls_for_tests)
