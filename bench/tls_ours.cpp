#include <ctime>

#include "common.hpp"
#include "tls/client.hpp"
#include "tls_clients.hpp"

namespace atls::bench {

namespace {

class OurConnection final : public Connection {
public:
    OurConnection(const tls::Settings& settings, WallTime wall, Pipes& pipes) : pipes_(pipes) {
        auto made = tls::Client::create(settings, Time{}, [wall] { return wall; });
        if (!made) give_up("our client: " + made.error().text);
        client_ = std::move(made.value());
        send();
    }

    bool handshake() override {
        feed();
        send();
        if (client_->state() == tls::State::failed) give_up("our handshake: " + client_->failure().text);
        return client_->state() == tls::State::open;
    }

    void write(std::string_view plain) override {
        demand(client_->write(plain), "our write");
        send();
    }

    std::size_t read(std::span<char> into) override {
        const std::size_t count = client_->read(into, Time{});
        if (count > 0) return count;
        feed();
        return client_->read(into, Time{});
    }

    [[nodiscard]] bool resumed() const override { return client_->resumed(); }
    [[nodiscard]] std::shared_ptr<const tls::SavedSession> session() const { return client_->saved_session(); }

private:
    void feed() {
        const std::string_view arrived = pipes_.to_client.readable();
        if (!arrived.empty()) pipes_.to_client.consume(client_->feed(arrived, Time{}));
    }

    void send() {
        while (true) {
            const std::string_view out = client_->output();
            if (out.empty()) return;
            pipes_.to_server.write(out);
            client_->output_sent(out.size());
        }
    }

    Pipes& pipes_;
    std::unique_ptr<tls::Client> client_;
};

class OurClient final : public TlsClient {
public:
    OurClient(const Scenario& scenario, const Pki& pki, Pipes& pipes, bool resumable) : pipes_(pipes) {
        settings_.lowest = settings_.highest = tls::Version::tls1_2;
        settings_.suites = {scenario.suite};
        settings_.server_name = host;
        settings_.policy.authenticate = true;
        settings_.policy.check_validity = true;
        settings_.policy.expected_host = host;
        settings_.keep_session = resumable;
        auto loaded = tls::load_credentials({.trusted = pki.trusted});
        if (!loaded) give_up("our credentials: " + loaded.error().text);
        settings_.credentials = loaded.value();
        if (scenario.psk) settings_.psk = tls::Psk{std::string(psk_identity), std::string(psk_key)};
    }

    std::unique_ptr<Connection> connect(bool resume) override {
        settings_.resume = resume ? session_ : nullptr;
        return std::make_unique<OurConnection>(settings_, wall_, pipes_);
    }

    void keep_session(const Connection& connection) override {
        session_ = static_cast<const OurConnection&>(connection).session();
        demand(session_ != nullptr, "a session to keep");
    }

private:
    Pipes& pipes_;
    tls::Settings settings_;
    std::shared_ptr<const tls::SavedSession> session_;
    WallTime wall_{std::chrono::seconds(std::time(nullptr))};
};

}  // namespace

std::unique_ptr<TlsClient> our_client(const Scenario& scenario, const Pki& pki, Pipes& pipes, bool resumable) {
    return std::make_unique<OurClient>(scenario, pki, pipes, resumable);
}

}  // namespace atls::bench
