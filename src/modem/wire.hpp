// A connection with or without TLS on it, seen as plain octets. Moves data, decides nothing.
#pragma once

#include <memory>
#include <optional>

#include "modem/data_queue.hpp"
#include "modem/outside.hpp"
#include "tls/client.hpp"

namespace atls::modem {

class Wire {
public:
    Wire(std::unique_ptr<Connection> connection, bool datagrams);

    /// From here on everything goes through `client`.
    void secure(std::unique_ptr<tls::Client> client) { tls_ = std::move(client); }
    [[nodiscard]] const tls::Client* tls() const { return tls_.get(); }

    // --- out ---
    /// Octets accepted that the connection has not taken; with TLS as they are on the wire.
    [[nodiscard]] std::size_t pending() const;
    /// Accepts all of it; false: TLS no longer sends. The caller bounds pending().
    bool send(BytesView octets);
    /// Gives the connection what it takes. Call it when the connection is writable again.
    void flush();
    /// close_notify and FIN after what is pending.
    void say_goodbye();

    // --- in ---
    enum class Input : std::uint8_t {
        nothing_now,  ///< the connection will say when there is more
        full,         ///< `into` has reached `limit`; receive again after reading
        ended,        ///< nothing follows, everything was taken in
    };
    /// Moves what has arrived into `into`, up to `limit` octets. Datagrams are taken whole.
    Input receive(DataQueue& into, std::size_t limit, Time now);
    /// Throws away what arrives.
    Input discard(Time now);

    // --- the connection's ends ---
    /// It broke: what was read from it is still taken in, nothing else moves.
    void mark_broken() { broken_ = true; }
    [[nodiscard]] bool broken() const { return broken_; }
    void reset();
    void set_care(const TcpCare& care);
    /// Gives up connection and TLS. Only pending() may be asked afterwards.
    void drop();
    /// Gives up the connection to somebody else, with nothing pending on it; as after drop().
    std::unique_ptr<Connection> take_connection() { return std::move(connection_); }
    [[nodiscard]] bool dropped() const { return !connection_; }

    // --- DTLS retransmission, memory ---
    [[nodiscard]] std::optional<Time> next_deadline() const;
    void expire(Time now);
    void trim();

private:
    Input receive_plain(DataQueue& into, std::size_t limit);
    Input receive_tls(DataQueue& into, std::size_t limit, Time now);
    bool drain_tls(DataQueue& into, std::size_t limit, Time now);
    bool feed_unfed(Time now);
    bool read_and_feed(Time now);
    [[nodiscard]] bool writable() const { return connection_ && !broken_; }

    std::unique_ptr<Connection> connection_;
    std::unique_ptr<tls::Client> tls_;
    DataQueue unsent_;  // plain connections; TLS queues by itself
    ByteQueue unfed_;   // read from the connection, not yet taken by TLS; or a datagram that did not fit
    bool datagrams_;
    bool ended_ = false;
    bool broken_ = false;
    bool goodbye_ = false;
    bool shut_down_ = false;
};

}  // namespace atls::modem
