// What a module model is, as data: identity and capacities. A dialect fills it; the device obeys it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "modem/events.hpp"

namespace atls::modem {

struct Profile {
    std::string manufacturer;
    std::string model;
    std::string revision;       ///< ATI, CGMR
    std::string long_revision;  ///< QGMR

    int contexts = 16;                  ///< PDP contextIDs 1 … contexts
    int active_contexts = 3;            ///< at once
    int sockets = 12;                   ///< ids 0 … sockets-1, TCP, UDP and TLS together
    int ssl_contexts = 6;               ///< 0 … ssl_contexts-1
    std::size_t buffer_octets = 10240;  ///< each way, each socket
    std::uint64_t ufs_octets = 14483456;
    std::uint64_t ram_octets = 0;    ///< of the storage that names "RAM:…" are in; 0: the module has none
    std::uint64_t nvram_octets = 0;  ///< for certificates and keys (AT+QSECWRITE); 0: SSL contexts name files
    int open_files = 10;
    std::uint32_t first_file_handle = 0;
    std::vector<std::uint16_t> suites;            ///< what "all" offers, in order of preference
    std::vector<std::uint16_t> psk_suites;        ///< offered too when a PSK file is present
    int lowest_ssl_version = 0;                   ///< where "all versions" begins: 0 SSL 3.0, 1 TLS 1.0 … 3 TLS 1.2
    bool authenticated_names_must_match = false;  ///< no checkhost key: seclevel 1, 2 compare a name (EC200x, EC800x)
    bool unauthenticated_checks = false;          ///< seclevel 0 looks at host and validity where these are set
    bool server_name_sent = false;                ///< SNI for every name, whatever the context says
    bool validity_checked = false;                ///< whatever the context says
    bool common_name_only = false;                ///< checkhost looks at the CN even beside a subjectAltName
    bool keep_id_after_failed_open = true;        ///< modes 0 and 1: state 4 until the host closes it
    bool keep_id_after_peer_close = true;
    bool tls_gives_id_back = false;         ///< whatever the two say, an SSL connection that failed or ended is gone
    bool own_credentials_demanded = false;  ///< seclevel 2 needs certificate and key, whether the server asks or not
    bool psk_over_datagrams_only = true;    ///< else psk_suites are offered over TLS too
    std::string psk_identity;               ///< atls's own setting (--psk), for modules with no way to name a key
    Bytes psk_key;                          ///< empty: none

    int default_context = 0;               ///< comes up with the registration, by itself; 0: none
    std::chrono::seconds radio_release{};  ///< without traffic the cell lets go after so long; 0: not modelled

    /// Radio access technology shown when registered, and all it knows: 27.007 AcT numbers.
    int access_technology = 8;
    std::vector<int> technologies{0, 8, 9};

    [[nodiscard]] bool keeps_failed(SocketKind kind) const {
        return keep_id_after_failed_open && !(kind == SocketKind::tls && tls_gives_id_back);
    }
    [[nodiscard]] bool keeps_closed(SocketKind kind) const {
        return keep_id_after_peer_close && !(kind == SocketKind::tls && tls_gives_id_back);
    }
};

}  // namespace atls::modem
