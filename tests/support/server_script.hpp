// Servers as transcripts script them: what one does by itself, and the hands of a test on its latest connection.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "support/fake_net.hpp"

namespace atls::test {

enum class ServerKind { tcp, udp, tls, dtls };
enum class Behaviour {
    echo,
    sink,
    silent,       ///< accepts, reads, never says a word: no ServerHello either
    greet,        ///< says `text` first
    answer,       ///< says `text` once, to the first octets that come
    close,        ///< closes as soon as it can
    refuse,       ///< the port is closed
    deaf,         ///< the host does not answer at all
    unreachable,  ///< the network says so
};

class ServerScript {
public:
    /// Words: KIND HOST:PORT BEHAVIOUR [TEXT] [option=value …]. The error says what is wrong.
    static Result<std::shared_ptr<ServerScript>, std::string> parse(const std::vector<std::string>& words);

    explicit ServerScript(ServerKind kind, Behaviour behaviour, PeerOptions options = {}, std::string text = {});
    ~ServerScript();
    void start(FakeNet& net, const std::string& host, std::uint16_t port);
    /// It comes to the modem's local port instead of being gone to.
    void call(FakeNet& net, const modem::Endpoint& from, std::uint16_t port);

    // --- its latest connection; all false or empty without one ---------------------------------------------------
    [[nodiscard]] FakePeer* peer() const { return peers_.empty() ? nullptr : peers_.back(); }
    [[nodiscard]] TlsPeer* tls() const;
    [[nodiscard]] std::size_t connections() const { return peers_.size(); }
    /// Encrypted where TLS is up, else as it is.
    void send(BytesView octets);
    void close();   ///< close_notify, FIN
    void notify();  ///< close_notify alone
    /// What came since the last call, decrypted.
    Bytes take_received();

    [[nodiscard]] bool secure() const { return kind_ == ServerKind::tls || kind_ == ServerKind::dtls; }
    [[nodiscard]] Behaviour behaviour() const { return behaviour_; }
    [[nodiscard]] const std::string& text() const { return text_; }
    void accepted(FakePeer& peer);

private:
    [[nodiscard]] const Bytes& all_received() const;

    ServerKind kind_;
    Behaviour behaviour_;
    PeerOptions options_;
    std::string text_;
    std::unique_ptr<PeerContext> context_;  ///< session cache and ticket keys, over all connections
    std::vector<FakePeer*> peers_;
    std::size_t taken_ = 0;  ///< of the latest connection's octets
};

}  // namespace atls::test
