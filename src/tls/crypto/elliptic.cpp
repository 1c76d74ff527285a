// mbed TLS's ECDH and ECDSA hooks.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <mbedtls/ecdh.h>
#include <mbedtls/ecdsa.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>

#include "tls/crypto/curves.hpp"

namespace {

using namespace atls::tls::crypto;
using Key = std::unique_ptr<EC_KEY, FreeWith<EC_KEY_free>>;
using Signature = std::unique_ptr<ECDSA_SIG, FreeWith<ECDSA_SIG_free>>;

Key key_on(const EC_GROUP* curve) {
    Key key(EC_KEY_new_ex(library(), nullptr));
    if (key && EC_KEY_set_group(key.get(), curve) != 1) key.reset();
    return key;
}

}  // namespace

extern "C" {

int mbedtls_ecdh_gen_public(mbedtls_ecp_group* group, mbedtls_mpi* secret, mbedtls_ecp_point* its_public,
                            int (*random)(void*, unsigned char*, size_t), void* random_context) {
    const EC_GROUP* curve = group_of(*group);
    if (curve == nullptr) return MBEDTLS_ERR_ECP_FEATURE_UNAVAILABLE;
    if (const int fault = mbedtls_ecp_gen_privkey(group, secret, random, random_context); fault != 0) return fault;
    const BigNumber scalar = to_libcrypto(*secret);
    const Point point(EC_POINT_new(curve));
    if (!scalar || !point || EC_POINT_mul(curve, point.get(), scalar.get(), nullptr, nullptr, scratch()) != 1) {
        return MBEDTLS_ERR_ECP_HW_ACCEL_FAILED;
    }
    return from_libcrypto(its_public, *group, curve, point.get());
}

int mbedtls_ecdh_compute_shared(mbedtls_ecp_group* group, mbedtls_mpi* shared, const mbedtls_ecp_point* peer,
                                const mbedtls_mpi* secret, int (*)(void*, unsigned char*, size_t), void*) {
    const EC_GROUP* curve = group_of(*group);
    if (curve == nullptr) return MBEDTLS_ERR_ECP_FEATURE_UNAVAILABLE;
    const Point theirs = to_libcrypto(curve, *group, *peer);
    const BigNumber scalar = to_libcrypto(*secret);
    const BigNumber x(BN_new());
    const Point product(EC_POINT_new(curve));
    if (!theirs) return MBEDTLS_ERR_ECP_INVALID_KEY;
    if (!scalar || !x || !product ||
        EC_POINT_mul(curve, product.get(), nullptr, theirs.get(), scalar.get(), scratch()) != 1) {
        return MBEDTLS_ERR_ECP_HW_ACCEL_FAILED;
    }
    if (EC_POINT_is_at_infinity(curve, product.get()) == 1 ||
        EC_POINT_get_affine_coordinates(curve, product.get(), x.get(), nullptr, scratch()) != 1) {
        return MBEDTLS_ERR_ECP_BAD_INPUT_DATA;
    }
    return from_libcrypto(shared, x.get());
}

int mbedtls_ecdsa_verify(mbedtls_ecp_group* group, const unsigned char* hash, size_t hash_size,
                         const mbedtls_ecp_point* signer, const mbedtls_mpi* r, const mbedtls_mpi* s) {
    const EC_GROUP* curve = group_of(*group);
    if (curve == nullptr) return MBEDTLS_ERR_ECP_FEATURE_UNAVAILABLE;
    const Point point = to_libcrypto(curve, *group, *signer);
    const Key key = key_on(curve);
    const Signature signature(ECDSA_SIG_new());
    BigNumber r_value = to_libcrypto(*r);
    BigNumber s_value = to_libcrypto(*s);
    if (!point || !key || !signature || !r_value || !s_value) return MBEDTLS_ERR_ECP_VERIFY_FAILED;
    if (EC_KEY_set_public_key(key.get(), point.get()) != 1) return MBEDTLS_ERR_ECP_VERIFY_FAILED;
    ECDSA_SIG_set0(signature.get(), r_value.release(), s_value.release());
    const bool good = ECDSA_do_verify(hash, static_cast<int>(hash_size), signature.get(), key.get()) == 1;
    return good ? 0 : MBEDTLS_ERR_ECP_VERIFY_FAILED;
}

// libcrypto draws its own k.
int mbedtls_ecdsa_sign(mbedtls_ecp_group* group, mbedtls_mpi* r, mbedtls_mpi* s, const mbedtls_mpi* secret,
                       const unsigned char* hash, size_t hash_size, int (*)(void*, unsigned char*, size_t), void*) {
    const EC_GROUP* curve = group_of(*group);
    if (curve == nullptr) return MBEDTLS_ERR_ECP_FEATURE_UNAVAILABLE;
    if (mbedtls_mpi_cmp_int(secret, 1) < 0 || mbedtls_mpi_cmp_mpi(secret, &group->N) >= 0) {
        return MBEDTLS_ERR_ECP_INVALID_KEY;
    }
    const Key key = key_on(curve);
    const BigNumber scalar = to_libcrypto(*secret);
    if (!key || !scalar || EC_KEY_set_private_key(key.get(), scalar.get()) != 1) return MBEDTLS_ERR_ECP_HW_ACCEL_FAILED;
    const Signature signature(ECDSA_do_sign(hash, static_cast<int>(hash_size), key.get()));
    if (!signature) return MBEDTLS_ERR_ECP_HW_ACCEL_FAILED;
    const int fault = from_libcrypto(r, ECDSA_SIG_get0_r(signature.get()));
    return fault != 0 ? fault : from_libcrypto(s, ECDSA_SIG_get0_s(signature.get()));
}

// mbed TLS drops its own together with its sign function.
int mbedtls_ecdsa_can_do(mbedtls_ecp_group_id) { return 1; }

}  // extern "C"
