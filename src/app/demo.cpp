#include "app/demo.hpp"

#include <utility>

#include "base/bytes.hpp"

namespace atls::app {

namespace {

constexpr const char* tls_name = "tls-echo.demo";
constexpr const char* mutual_name = "mtls-echo.demo";
constexpr const char* dtls_name = "dtls-psk.demo";
constexpr std::uint16_t tls_port = 8443;
constexpr std::uint16_t mutual_port = 8444;
constexpr std::uint16_t dtls_port = 8445;
constexpr const char* psk_identity = "demo";
constexpr const char* psk_key = "6174 6c73 2064 656d 6f20 6b65 7921 2121";
// All of 127/8 is loopback: where the first address has a port taken, another has it free.
constexpr int addresses_to_try = 32;

Bytes key_octets() {
    std::string digits;
    for (const char* c = psk_key; *c != '\0'; ++c) {
        if (*c != ' ') digits += *c;
    }
    return *from_hex(digits);
}

}  // namespace

Result<std::unique_ptr<Demo>, StartFailure> Demo::start(loop::Loop& loop) {
    auto pki = make_demo_pki({tls_name, mutual_name});
    if (!pki) return StartFailure{"--demo: " + pki.error().text};
    auto demo = std::unique_ptr<Demo>(new Demo);
    demo->pki_ = std::move(*pki);
    const TlsEcho::Identity identity{demo->pki_.server_certificate, demo->pki_.server_key, ""};
    TlsEcho::Identity mutual = identity;
    mutual.client_authority = demo->pki_.authority;

    std::string wrong;
    for (int i = 0; i < addresses_to_try; ++i) {
        demo->address_ = "127.0." + std::to_string(i) + ".1";
        auto tls = TlsEcho::open(loop, demo->address_, tls_port, identity);
        auto mutual_tls = TlsEcho::open(loop, demo->address_, mutual_port, mutual);
        auto dtls = DtlsEcho::open(loop, demo->address_, dtls_port, {psk_identity, key_octets()});
        if (tls && mutual_tls && dtls) {
            demo->tls_ = std::move(*tls);
            demo->mutual_tls_ = std::move(*mutual_tls);
            demo->dtls_ = std::move(*dtls);
            return demo;
        }
        wrong = (!tls ? tls.error() : !mutual_tls ? mutual_tls.error() : dtls.error()).text;
    }
    return StartFailure{"--demo: " + wrong};
}

std::map<std::string, std::vector<std::string>> Demo::hosts() const {
    return {{tls_name, {address_}}, {mutual_name, {address_}}, {dtls_name, {address_}}};
}

Outcome<StartFailure> Demo::furnish(modem::Modem& modem) const {
    const std::pair<const char*, std::string> files[] = {
        {"cacert.pem", pki_.authority},
        {"client.pem", pki_.client_certificate},
        {"client.key", pki_.client_key},
        {"0_server.psk", std::string(psk_identity) + "&" + to_hex(key_octets())},
    };
    for (const auto& [name, content] : files) {
        if (auto stored = modem.files.replace(name, content); !stored)
            return StartFailure{"--demo: " + stored.error().text};
    }
    modem::ContextSettings context = modem.contexts.settings(1);
    context.apn = "demo";
    modem.contexts.configure(1, context);
    return {};
}

std::string Demo::introduction() const {
    return R"(
Servers on this machine: tls-echo.demo:8443, mtls-echo.demo:8444 (wants client.pem), dtls-psk.demo:8445 (UDP).
In UFS: cacert.pem client.pem client.key 0_server.psk. A first dialogue, line by line:

  AT+QIACT=1
  AT+QSSLCFG="seclevel",1,1
  AT+QSSLCFG="cacert",1,"cacert.pem"
  AT+QSSLOPEN=1,1,4,"tls-echo.demo",8443,0
  AT+QSSLSEND=4,5
  hello
  AT+QSSLRECV=4,1500
  AT+QSSLCLOSE=4

)";
}

}  // namespace atls::app
