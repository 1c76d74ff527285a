#include "support/server_script.hpp"

#include <openssl/ssl.h>

#include <charconv>
#include <utility>

#include "support/transcript_text.hpp"

namespace atls::test {

namespace {

class PlainServer final : public FakeServer {
public:
    explicit PlainServer(ServerScript& script) : script_(script) {}
    void on_accept(FakePeer& peer) override {
        script_.accepted(peer);
        if (script_.behaviour() == Behaviour::greet) peer.send(script_.text());
        if (script_.behaviour() == Behaviour::close) peer.close();
    }
    void on_bytes(FakePeer& peer, BytesView octets) override {
        if (script_.behaviour() == Behaviour::echo) peer.send(octets);
        if (script_.behaviour() == Behaviour::answer && !std::exchange(answered_, true)) peer.send(script_.text());
    }
    void on_end(FakePeer& peer) override {
        if (script_.behaviour() != Behaviour::silent) peer.close();
    }

private:
    ServerScript& script_;
    bool answered_ = false;
};

class SecureServer final : public FakeTlsServer {
public:
    SecureServer(ServerScript& script, const PeerContext& context) : FakeTlsServer(context), script_(script) {}
    void on_accept(FakePeer& peer) override {
        FakeTlsServer::on_accept(peer);
        script_.accepted(peer);
    }
    void on_bytes(FakePeer& peer, BytesView octets) override {
        if (script_.behaviour() == Behaviour::silent) return;
        const std::size_t before = plaintext.size();
        FakeTlsServer::on_bytes(peer, octets);
        if (tls.handshake_done() && !std::exchange(shaken_, true)) greet(peer);
        if (script_.behaviour() == Behaviour::echo && plaintext.size() > before) say(plaintext.substr(before));
        const bool answers = script_.behaviour() == Behaviour::answer && !plaintext.empty();
        if (answers && !std::exchange(answered_, true)) say(script_.text());
    }
    void on_end(FakePeer& peer) override {
        if (script_.behaviour() == Behaviour::silent) return;
        said_goodbye_ = true;
        FakeTlsServer::on_end(peer);
    }

    /// false: TLS takes no text, not yet or no longer.
    bool say(BytesView text) {
        if (!tls.handshake_done() || tls.failed() || tls.client_closed() || said_goodbye_) return false;
        send(text);
        return true;
    }
    void say_goodbye() {
        if (!std::exchange(said_goodbye_, true)) close_notify();
    }

private:
    void greet(FakePeer& peer) {
        if (script_.behaviour() == Behaviour::greet) say(script_.text());
        if (script_.behaviour() != Behaviour::close) return;
        say_goodbye();
        peer.close();
    }

    ServerScript& script_;
    bool shaken_ = false;
    bool answered_ = false;
    bool said_goodbye_ = false;
};

SecureServer* secure_server(FakePeer* peer) {
    return peer == nullptr ? nullptr : dynamic_cast<SecureServer*>(&peer->server());
}

template <class T>
const T* find(const std::vector<std::pair<std::string, T>>& table, const std::string& word) {
    for (const auto& [name, value] : table) {
        if (name == word) return &value;
    }
    return nullptr;
}

const Pair* certificate_called(const std::string& word) {
    static const Pki& pki = Pki::get();
    static const std::vector<std::pair<std::string, const Pair*>> table{{"good", &pki.server},
                                                                        {"ec", &pki.ec_server},
                                                                        {"ecdh-rsa", &pki.ecdh_rsa_server},
                                                                        {"expired", &pki.expired},
                                                                        {"notyet", &pki.not_yet_valid},
                                                                        {"wronghost", &pki.wrong_host},
                                                                        {"selfsigned", &pki.self_signed},
                                                                        {"intermediate", &pki.by_intermediate},
                                                                        {"nointermediate", &pki.orphan},
                                                                        {"stranger", &pki.by_stranger},
                                                                        {"forged", &pki.forged},
                                                                        {"cn", &pki.common_name_only}};
    const auto* found = find(table, word);
    return found == nullptr ? nullptr : *found;
}

bool take_psk(const std::string& value, PeerOptions& options) {
    const auto colon = value.find(':');
    if (colon == std::string::npos) return false;
    const auto key = from_hex(value.substr(colon + 1));
    if (!key) return false;
    options.psk_identity = value.substr(0, colon);
    options.psk_key = *key;
    return true;
}

bool take_option(const std::string& name, const std::string& value, PeerOptions& options) {
    static const std::vector<std::pair<std::string, int>> versions{{"tls1", TLS1_VERSION},
                                                                   {"tls1.1", TLS1_1_VERSION},
                                                                   {"tls1.2", TLS1_2_VERSION},
                                                                   {"dtls1", DTLS1_VERSION},
                                                                   {"dtls1.2", DTLS1_2_VERSION}};
    static const std::vector<std::pair<std::string, bool PeerOptions::*>> flags{
        {"clientcert", &PeerOptions::demand_client_certificate},
        {"tickets", &PeerOptions::tickets},
        {"sessionids", &PeerOptions::session_ids},
        {"renegotiation", &PeerOptions::renegotiation}};
    if (const auto* flag = find(flags, name)) {
        options.*(*flag) = value == "yes";
        return value == "yes" || value == "no";
    }
    if (name == "cert") return (options.identity = certificate_called(value)) != nullptr;
    if (name == "psk") return take_psk(value, options);
    if (name == "suite") {
        options.ciphers = value + ":@SECLEVEL=0";
        return true;
    }
    if (name == "fragment") {
        const auto end = value.data() + value.size();
        return std::from_chars(value.data(), end, options.max_fragment).ptr == end;
    }
    const auto* version = name == "version" ? find(versions, value) : nullptr;
    if (version != nullptr) options.lowest = options.highest = *version;
    return version != nullptr;
}

}  // namespace

ServerScript::ServerScript(ServerKind kind, Behaviour behaviour, PeerOptions options, std::string text)
    : kind_(kind), behaviour_(behaviour), options_(std::move(options)), text_(std::move(text)) {
    options_.datagram = kind == ServerKind::dtls;
}

ServerScript::~ServerScript() = default;

Result<std::shared_ptr<ServerScript>, std::string> ServerScript::parse(const std::vector<std::string>& words) {
    static const std::vector<std::pair<std::string, ServerKind>> kinds{
        {"tcp", ServerKind::tcp}, {"udp", ServerKind::udp}, {"tls", ServerKind::tls}, {"dtls", ServerKind::dtls}};
    static const std::vector<std::pair<std::string, Behaviour>> behaviours{
        {"echo", Behaviour::echo},     {"sink", Behaviour::sink},     {"silent", Behaviour::silent},
        {"greet", Behaviour::greet},   {"answer", Behaviour::answer}, {"close", Behaviour::close},
        {"refuse", Behaviour::refuse}, {"deaf", Behaviour::deaf},     {"unreachable", Behaviour::unreachable}};
    if (words.size() < 3) return std::string("server KIND HOST:PORT BEHAVIOUR …");
    const auto* kind = find(kinds, words[0]);
    const auto* behaviour = find(behaviours, words[2]);
    if (kind == nullptr) return "no kind of server: " + words[0];
    if (behaviour == nullptr) return "no behaviour of a server: " + words[2];
    std::size_t next = 3;
    const bool speaks = *behaviour == Behaviour::greet || *behaviour == Behaviour::answer;
    if (speaks && words.size() < 4) return words[2] + " needs a text";
    const std::string text = speaks ? words[next++] : std::string();
    PeerOptions options;
    for (; next < words.size(); ++next) {
        const auto equals = words[next].find('=');
        const bool good = equals != std::string::npos &&
                          take_option(words[next].substr(0, equals), words[next].substr(equals + 1), options);
        if (!good) return "no option of a server: " + words[next];
    }
    return std::make_shared<ServerScript>(*kind, *behaviour, options, text);
}

void ServerScript::start(FakeNet& net, const std::string& host, std::uint16_t port) {
    const bool datagrams = kind_ == ServerKind::udp || kind_ == ServerKind::dtls;
    const auto transport = datagrams ? modem::Transport::udp : modem::Transport::tcp;
    const std::string address = net.serve(host, port, transport, [this]() -> std::unique_ptr<FakeServer> {
        // Made on first use: certificates take their time.
        if (secure() && !context_) context_ = std::make_unique<PeerContext>(options_);
        if (secure()) return std::make_unique<SecureServer>(*this, *context_);
        return std::make_unique<PlainServer>(*this);
    });
    if (behaviour_ == Behaviour::refuse) net.stop_serving(address, port, transport);
    if (behaviour_ == Behaviour::deaf) net.silence(address);
    if (behaviour_ == Behaviour::unreachable) net.make_unreachable(address);
}

void ServerScript::call(FakeNet& net, const modem::Endpoint& from, std::uint16_t port) {
    const auto transport = kind_ == ServerKind::udp ? modem::Transport::udp : modem::Transport::tcp;
    net.call(transport, from, port, std::make_unique<PlainServer>(*this));
}

void ServerScript::accepted(FakePeer& peer) {
    peers_.push_back(&peer);
    taken_ = 0;
}

TlsPeer* ServerScript::tls() const {
    SecureServer* server = secure_server(peer());
    return server == nullptr ? nullptr : &server->tls;
}

void ServerScript::send(BytesView octets) {
    SecureServer* server = secure_server(peer());
    if (server != nullptr && server->say(octets)) return;
    if (peer() != nullptr) peer()->send(octets);  // as it is
}

void ServerScript::notify() {
    if (SecureServer* server = secure_server(peer())) server->say_goodbye();
}

void ServerScript::close() {
    notify();
    if (peer() != nullptr) peer()->close();
}

const Bytes& ServerScript::all_received() const {
    const SecureServer* server = secure_server(peer());
    return server == nullptr ? peer()->received() : server->plaintext;
}

Bytes ServerScript::take_received() {
    if (peer() == nullptr) return {};
    Bytes fresh = all_received().substr(taken_);
    taken_ += fresh.size();
    return fresh;
}

}  // namespace atls::test
