// A TLS or DTLS server in memory, on OpenSSL: an implementation other than the modem's, for handshakes without a
// socket.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "support/pki.hpp"

namespace atls::test {

struct PeerOptions {
    bool datagram = false;
    const Pair* identity = nullptr;  ///< certificate, key, issuers; null: Pki::get().server
    bool demand_client_certificate = false;
    std::string client_roots{};  ///< PEM; empty: Pki::get().roots()
    std::string psk_identity{};  ///< with psk_key: PSK suites
    Bytes psk_key{};
    /// OpenSSL's numbers (TLS1_VERSION …, DTLS1_VERSION …); 0: what OpenSSL has, but never TLS 1.3.
    int lowest = 0;
    int highest = 0;
    std::string ciphers = "ALL:PSK:@SECLEVEL=0";
    std::size_t max_fragment = 0;  ///< largest plaintext of a record, 512 … 16384; 0: 16384
    bool tickets = false;
    bool session_ids = false;
    bool renegotiation = false;
    bool encrypt_then_mac = true;
    bool echo = false;                  ///< sends back what it decrypts
    bool quick_retransmission = false;  ///< datagram: OpenSSL's timer is 30 ms, for TlsPeer::retransmit()
};

/// What outlives a connection: session cache, ticket keys. One for several peers, where resumption is tested.
class PeerContext {
public:
    explicit PeerContext(PeerOptions options = {});
    ~PeerContext();
    PeerContext(PeerContext&&) noexcept;
    struct State;
    [[nodiscard]] State& state() const { return *state_; }

private:
    std::unique_ptr<State> state_;
};

/// One connection of such a server. Octets in, octets out; nothing happens in between.
class TlsPeer {
public:
    explicit TlsPeer(PeerOptions options = {});
    explicit TlsPeer(const PeerContext& context);
    ~TlsPeer();
    TlsPeer(TlsPeer&&) noexcept;

    /// From the client; datagram: exactly one.
    void feed(BytesView from_client);
    /// To the client: all of it; datagram: one, or empty.
    Bytes take_output();
    /// What was decrypted and not yet taken (echo mode: nothing is kept).
    Bytes take_plaintext();
    void write(BytesView plain);
    void close();        ///< close_notify
    void renegotiate();  ///< HelloRequest
    /// A lost flight: lets OpenSSL's timer run out; needs quick_retransmission.
    void retransmit();

    [[nodiscard]] bool handshake_done() const;
    [[nodiscard]] bool failed() const;
    [[nodiscard]] const std::string& failure() const;  ///< OpenSSL's words
    [[nodiscard]] bool client_closed() const;          ///< close_notify received; it is answered
    [[nodiscard]] bool resumed() const;
    [[nodiscard]] std::string cipher() const;          ///< OpenSSL's name
    [[nodiscard]] std::uint16_t suite() const;         ///< IANA
    [[nodiscard]] std::string server_name() const;     ///< SNI received; empty: none
    [[nodiscard]] std::string client_subject() const;  ///< CN of the client's certificate; empty: none
    [[nodiscard]] const std::vector<std::string>& key_log() const;
    [[nodiscard]] std::optional<std::uint8_t> alert_received() const;

    struct State;  ///< public for OpenSSL's callbacks only

private:
    std::unique_ptr<State> state_;
};

}  // namespace atls::test
