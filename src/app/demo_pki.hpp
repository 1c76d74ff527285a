// Certificates for the demo's servers and its modem, made anew at each start.
#pragma once

#include <string>
#include <vector>

#include "app/config_file.hpp"

namespace atls::app {

/// All PEM.
struct DemoPki {
    std::string authority;
    std::string server_certificate, server_key;
    std::string client_certificate, client_key;
};

/// `names`: what the server's certificate is for.
Result<DemoPki, StartFailure> make_demo_pki(const std::vector<std::string>& names);

}  // namespace atls::app
