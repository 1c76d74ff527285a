// Servers to talk to without a network: TLS echo, mutual TLS echo, DTLS-PSK echo on the loopback, with a PKI of their
// own.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/config_file.hpp"
#include "app/demo_pki.hpp"
#include "app/dtls_echo.hpp"
#include "app/tls_echo.hpp"
#include "loop/loop.hpp"
#include "modem/modem.hpp"

namespace atls::app {

class Demo {
public:
    static Result<std::unique_ptr<Demo>, StartFailure> start(loop::Loop& loop);

    /// Names for the modem's network to know.
    [[nodiscard]] std::map<std::string, std::vector<std::string>> hosts() const;
    /// cacert.pem, client.pem, client.key and 0_server.psk in UFS, PDP context 1 configured.
    Outcome<StartFailure> furnish(modem::Modem& modem) const;
    /// Where the servers are and a first dialogue to type.
    [[nodiscard]] std::string introduction() const;

private:
    Demo() = default;

    std::string address_;
    DemoPki pki_;
    std::unique_ptr<TlsEcho> tls_, mutual_tls_;
    std::unique_ptr<DtlsEcho> dtls_;
};

}  // namespace atls::app
