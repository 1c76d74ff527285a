// How a device signs on to Alibaba Cloud's MQTT brokers by its triple: what CONNECT says, as that service documents it.
#pragma once

#include <string>

namespace atls::codec {

/// What a device was given when it was registered.
struct AliDevice {
    std::string product_key;
    std::string device_name;
    std::string device_secret;
};

struct AliSignOn {
    std::string client;
    std::string user;
    std::string password;  ///< HMAC-SHA1 by the secret, in upper-case hexadecimal
};

/// `client`: any name of the host's own; `secure`: over TLS, which the broker is told.
AliSignOn ali_sign_on(const AliDevice& device, const std::string& client, bool secure);

}  // namespace atls::codec
