#define OPENSSL_SUPPRESS_DEPRECATED
#include "tls/crypto/curves.hpp"

#include <mbedtls/platform_util.h>
#include <openssl/obj_mac.h>

#include <array>

namespace atls::tls::crypto {

namespace {

struct Curve {
    mbedtls_ecp_group_id id;
    int nid;
};
// A list, not an array indexed by id: ids go above MBEDTLS_ECP_DP_MAX, which is a count.
constexpr std::array<Curve, 11> curves{{{MBEDTLS_ECP_DP_SECP256R1, NID_X9_62_prime256v1},
                                        {MBEDTLS_ECP_DP_SECP384R1, NID_secp384r1},
                                        {MBEDTLS_ECP_DP_SECP521R1, NID_secp521r1},
                                        {MBEDTLS_ECP_DP_SECP224R1, NID_secp224r1},
                                        {MBEDTLS_ECP_DP_SECP192R1, NID_X9_62_prime192v1},
                                        {MBEDTLS_ECP_DP_SECP256K1, NID_secp256k1},
                                        {MBEDTLS_ECP_DP_SECP224K1, NID_secp224k1},
                                        {MBEDTLS_ECP_DP_SECP192K1, NID_secp192k1},
                                        {MBEDTLS_ECP_DP_BP256R1, NID_brainpoolP256r1},
                                        {MBEDTLS_ECP_DP_BP384R1, NID_brainpoolP384r1},
                                        {MBEDTLS_ECP_DP_BP512R1, NID_brainpoolP512r1}}};

constexpr std::size_t number_octets = 72;  // P-521 needs 66
constexpr std::size_t point_octets = 2 * number_octets + 1;

}  // namespace

const EC_GROUP* group_of(const mbedtls_ecp_group& group) {
    thread_local std::array<Group, curves.size()> groups;
    for (std::size_t i = 0; i < curves.size(); ++i) {
        if (curves[i].id != group.id) continue;
        if (!groups[i]) groups[i].reset(EC_GROUP_new_by_curve_name_ex(library(), nullptr, curves[i].nid));
        return groups[i].get();
    }
    return nullptr;
}

BigNumber to_libcrypto(const mbedtls_mpi& number) {
    std::array<unsigned char, number_octets> octets;
    const std::size_t size = mbedtls_mpi_size(&number);
    if (number.s < 0 || size > octets.size() || mbedtls_mpi_write_binary(&number, octets.data(), size) != 0) return {};
    BigNumber converted(BN_bin2bn(octets.data(), static_cast<int>(size), nullptr));
    mbedtls_platform_zeroize(octets.data(), octets.size());
    return converted;
}

int from_libcrypto(mbedtls_mpi* to, const BIGNUM* from) {
    std::array<unsigned char, number_octets> octets;
    const int size = BN_num_bytes(from);
    if (size > static_cast<int>(octets.size())) return MBEDTLS_ERR_ECP_BAD_INPUT_DATA;
    BN_bn2bin(from, octets.data());
    const int fault = mbedtls_mpi_read_binary(to, octets.data(), static_cast<std::size_t>(size));
    mbedtls_platform_zeroize(octets.data(), octets.size());
    return fault;
}

Point to_libcrypto(const EC_GROUP* curve, const mbedtls_ecp_group& group, const mbedtls_ecp_point& point) {
    std::array<unsigned char, point_octets> octets;
    std::size_t size = 0;
    if (mbedtls_ecp_point_write_binary(&group, &point, MBEDTLS_ECP_PF_UNCOMPRESSED, &size, octets.data(),
                                       octets.size()) != 0) {
        return {};
    }
    Point converted(EC_POINT_new(curve));
    // Checks the curve's equation.
    if (!converted || EC_POINT_oct2point(curve, converted.get(), octets.data(), size, scratch()) != 1) return {};
    return converted;
}

int from_libcrypto(mbedtls_ecp_point* to, const mbedtls_ecp_group& group, const EC_GROUP* curve, const EC_POINT* from) {
    std::array<unsigned char, point_octets> octets;
    const std::size_t size =
        EC_POINT_point2oct(curve, from, POINT_CONVERSION_UNCOMPRESSED, octets.data(), octets.size(), scratch());
    if (size == 0) return MBEDTLS_ERR_ECP_BAD_INPUT_DATA;
    return mbedtls_ecp_point_read_binary(&group, to, octets.data(), size);
}

}  // namespace atls::tls::crypto
