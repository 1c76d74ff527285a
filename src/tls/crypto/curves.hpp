// mbed TLS's numbers, points and curves as libcrypto's, for the elliptic-curve hooks.
#pragma once

#include <mbedtls/ecp.h>

#include "tls/crypto/library.hpp"

namespace atls::tls::crypto {

/// This thread's libcrypto group of the same curve; null if libcrypto lacks it.
const EC_GROUP* group_of(const mbedtls_ecp_group& group);

BigNumber to_libcrypto(const mbedtls_mpi& number);
int from_libcrypto(mbedtls_mpi* to, const BIGNUM* from);

/// Null if the point is not on the curve: a peer chooses it.
Point to_libcrypto(const EC_GROUP* curve, const mbedtls_ecp_group& group, const mbedtls_ecp_point& point);
int from_libcrypto(mbedtls_ecp_point* to, const mbedtls_ecp_group& group, const EC_GROUP* curve, const EC_POINT* from);

}  // namespace atls::tls::crypto
