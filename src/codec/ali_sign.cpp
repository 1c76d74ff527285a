#include "codec/ali_sign.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "base/bytes.hpp"
#include "base/ensure.hpp"

namespace atls::codec {

AliSignOn ali_sign_on(const AliDevice& device, const std::string& client, bool secure) {
    // Names and values in the order of the alphabet.
    const std::string content =
        "clientId" + client + "deviceName" + device.device_name + "productKey" + device.product_key;
    std::array<unsigned char, EVP_MAX_MD_SIZE> sum{};
    unsigned size = 0;
    const auto* const done =
        ::HMAC(EVP_sha1(), device.device_secret.data(), static_cast<int>(device.device_secret.size()),
               reinterpret_cast<const unsigned char*>(content.data()), content.size(), sum.data(), &size);
    ensure(done != nullptr, "HMAC-SHA1");
    return {client + "|securemode=" + (secure ? "2" : "3") + ",signmethod=hmacsha1|",
            device.device_name + "&" + device.product_key, to_hex({reinterpret_cast<const char*>(sum.data()), size})};
}

}  // namespace atls::codec
