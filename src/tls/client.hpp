// One TLS or DTLS client connection as a pure engine: bytes (or datagrams) in, bytes out. No socket, no clock of its
// own.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "tls/cause.hpp"
#include "tls/credentials.hpp"
#include "tls/policy.hpp"
#include "tls/suites.hpp"

namespace atls::tls {

/// A session to resume, opaque; cached by the caller per (context, host, port).
class SavedSession;

struct Psk {
    std::string identity;
    Bytes key;
};

struct Settings {
    bool datagram = false;  ///< DTLS; then lowest/highest are DTLS versions
    Version lowest = Version::ssl3;
    Version highest = Version::tls1_2;
    std::vector<std::uint16_t> suites;  ///< IANA numbers in order of preference; from tls::suites
    std::string server_name;            ///< sent as SNI; empty: no extension. Independent of policy.expected_host
    Policy policy;                      ///< what is demanded of the server's certificate
    std::shared_ptr<const Credentials> credentials;  ///< trusted and own certificates; may be null
    bool own_certificate_demanded =
        false;  ///< fail when the server asks for a certificate and none is set (seclevel 2)
    std::optional<Psk> psk;
    std::shared_ptr<const SavedSession> resume;
    bool keep_session = false;                               ///< ask for tickets and make saved_session() available
    bool renegotiation = false;                              ///< follow a server's HelloRequest
    std::function<void(std::string_view nss_line)> key_log;  ///< "CLIENT_RANDOM …", no line end
    /// How the negotiation goes on; empty: nobody looks. `level`: 1 failures, 2 steps, 3 what was agreed on, 4 records.
    /// Never a secret.
    std::function<void(int level, std::string_view text)> progress;
};

enum class State {
    handshaking,
    open,
    peer_closed,  ///< close_notify (or the transport's end) seen; what was decrypted stays readable
    failed,       ///< failure() says why
};

class Client {
public:
    /// `wall`: the module's clock for validity checks, asked only during the handshake.
    static Result<std::unique_ptr<Client>, Failure> create(Settings settings, Time now, std::function<WallTime()> wall);
    virtual ~Client() = default;

    [[nodiscard]] virtual State state() const = 0;
    /// Set once state() is failed; for peer_closed the reason it closed.
    [[nodiscard]] virtual const Failure& failure() const = 0;

    // --- towards the network -------------------------------------------------------------------------------------
    /// Octets from the peer (DTLS: exactly one datagram). Returns how many were taken. Less than all means that
    /// decrypted data waits for read(): feed the rest after reading.
    virtual std::size_t feed(BytesView from_peer, Time now) = 0;
    /// The transport ended (FIN). Without a close_notify before it, a truncation; the state becomes peer_closed or
    /// failed.
    virtual void feed_end(Time now) = 0;
    /// What must go out now (DTLS: one datagram); valid until the next non-const call. Empty: nothing.
    [[nodiscard]] virtual BytesView output() const = 0;
    /// Drops `count` octets of output(); DTLS: drops the datagram whatever `count` is.
    virtual void output_sent(std::size_t count) = 0;

    // --- towards the application ---------------------------------------------------------------------------------
    /// Encrypts all of `plain` into output(). Only in State::open; returns false (and changes nothing) otherwise.
    /// The caller bounds what it queues by looking at output_size().
    virtual bool write(BytesView plain) = 0;
    /// Octets queued in output(), all datagrams together.
    [[nodiscard]] virtual std::size_t output_size() const = 0;
    /// Decrypted octets into `into`; 0: nothing now. Feed again after it.
    virtual std::size_t read(std::span<char> into, Time now) = 0;
    /// Queues close_notify. Reading stays possible.
    virtual void close() = 0;

    // --- time: DTLS retransmission only; the negotiation timeout is the caller's ---------------------------------
    [[nodiscard]] virtual std::optional<Time> next_deadline() const = 0;
    virtual void expire(Time now) = 0;

    // --- facts about an open connection --------------------------------------------------------------------------
    [[nodiscard]] virtual Version version() const = 0;
    [[nodiscard]] virtual std::uint16_t suite() const = 0;
    [[nodiscard]] virtual bool resumed() const = 0;
    [[nodiscard]] virtual std::shared_ptr<const SavedSession> saved_session() const = 0;
    /// Nothing is pending: gives the unused parts of the record buffers back to the system.
    virtual void trim() = 0;
};

}  // namespace atls::tls
