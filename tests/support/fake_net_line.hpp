// One connection of a FakeNet, seen from both its ends; "client" is the modem's, whoever called.
#pragma once

#include <algorithm>
#include <cstring>
#include <optional>

#include "support/fake_net.hpp"

namespace atls::test {

inline std::string text_of(const modem::Endpoint& endpoint) {
    return endpoint.ip + ":" + std::to_string(endpoint.port);
}

class FakeNet::Line final : public FakePeer, public std::enable_shared_from_this<Line> {
public:
    Line(FakeNet& net, modem::Transport transport, modem::Endpoint remote, std::uint16_t local_port,
         modem::ConnectionUser* user)
        : net_(net), transport_(transport), remote_(std::move(remote)), local_port_(local_port), user_(user) {}

    // The server's side.
    void send(BytesView octets) override {
        if (reset_by_server_ || closed_by_server_) return;
        if (transport_ == modem::Transport::udp) {
            if (arrived_.size() < 64) arrive(Bytes(octets));
            return;
        }
        backlog_.append(octets);
        fill_window();
    }
    void close() override {
        closed_by_server_ = true;
        fill_window();
    }
    void reset() override {
        reset_by_server_ = true;
        net_.later(net_.latency_, [line = shared_from_this()] {
            if (line->user_ == nullptr || line->dead_) return;
            line->dead_ = true;
            line->user_->on_broken(
                {modem::NetError::reset, text_of(line->remote_) + ": connection reset by peer (ECONNRESET)"});
        });
    }
    void pause(bool paused) override {
        paused_ = paused;
        if (!paused) server_reads();
    }
    [[nodiscard]] std::size_t unsent() const override { return backlog_.size(); }
    [[nodiscard]] const Bytes& received() const override { return received_; }
    [[nodiscard]] bool ended() const override { return end_seen_; }
    [[nodiscard]] bool was_reset() const override { return reset_seen_; }
    [[nodiscard]] modem::Endpoint client() const override { return {"10.0.0.1", local_port_}; }
    [[nodiscard]] FakeServer& server() override { return *server_; }

    // The client's side.
    std::size_t write(BytesView octets) {
        if (dead_ || fin_sent_) return octets.size();
        if (transport_ == modem::Transport::udp) {
            to_server(Bytes(octets));
            return octets.size();
        }
        const std::size_t room = net_.window_ - std::min(net_.window_, towards_server_);
        const std::size_t taken = std::min(room, octets.size());
        if (taken < octets.size()) short_write_ = true;
        if (taken > 0) to_server(Bytes(octets.substr(0, taken)));
        return taken;
    }
    modem::Connection::ReadResult read(std::span<char> into) {
        if (!arrived_.empty()) {
            Bytes& first = arrived_.front();
            const std::size_t count = std::min(into.size(), first.size());
            std::memcpy(into.data(), first.data(), count);
            if (transport_ == modem::Transport::udp || count == first.size()) {
                arrived_.pop_front();
            } else {
                first.erase(0, count);
            }
            if (transport_ == modem::Transport::tcp) {
                towards_client_ -= count;
                fill_window();
            }
            return {modem::Connection::Read::data, count};
        }
        if (end_arrived_) return {modem::Connection::Read::end, 0};
        waiting_ = true;
        return {modem::Connection::Read::nothing_now, 0};
    }
    void client_ends(bool reset) {
        if (fin_sent_ && !reset) return;
        fin_sent_ = true;
        if (transport_ == modem::Transport::udp) return;
        net_.later(net_.latency_, [line = shared_from_this(), reset] {
            if (line->server_ == nullptr) return;
            (reset ? line->reset_seen_ : line->fin_arrived_) = true;
            if (reset) return line->server_->on_reset(*line);
            line->server_reads();
        });
    }
    void abandon() {
        user_ = nullptr;
        client_ends(false);
    }

    // The net's side.
    void accept(std::unique_ptr<FakeServer> server) {
        server_ = std::move(server);
        server_->on_accept(*this);
    }
    [[nodiscard]] modem::ConnectionUser* user() const { return user_; }
    /// The modem takes the call: it is the client now.
    void answer(modem::ConnectionUser& user) { user_ = &user; }
    [[nodiscard]] const std::optional<modem::TcpCare>& care() const override { return care_; }
    void set_care(const modem::TcpCare& care) { care_ = care; }
    /// Nobody takes it.
    void refuse() { reset_seen_ = true; }
    [[nodiscard]] modem::Transport transport() const { return transport_; }
    [[nodiscard]] const modem::Endpoint& remote() const { return remote_; }
    [[nodiscard]] std::uint16_t local_port() const { return local_port_; }
    /// The client may hear of it now: it is connected.
    void start() {
        waiting_ = true;
        tell_readable();
    }

private:
    void to_server(Bytes octets) {
        towards_server_ += octets.size();
        net_.later(net_.latency_, [line = shared_from_this(), octets = std::move(octets)] {
            line->unread_.push_back(octets);
            line->server_reads();
        });
    }
    void server_reads() {
        while (!paused_ && server_ != nullptr && !unread_.empty()) {
            const Bytes octets = std::move(unread_.front());
            unread_.pop_front();
            towards_server_ -= octets.size();
            received_ += octets;
            server_->on_bytes(*this, octets);
        }
        if (short_write_ && towards_server_ < net_.window_) {
            short_write_ = false;
            net_.later(Duration::zero(), [line = shared_from_this()] {
                if (line->user_ != nullptr && !line->dead_) line->user_->on_writable();
            });
        }
        if (fin_arrived_ && unread_.empty() && !paused_ && !end_seen_) {
            end_seen_ = true;
            server_->on_end(*this);
        }
    }
    void fill_window() {
        while (!backlog_.empty() && towards_client_ < net_.window_) {
            Bytes piece = backlog_.take(net_.window_ - towards_client_);
            towards_client_ += piece.size();
            arrive(std::move(piece));
        }
        if (!closed_by_server_ || !backlog_.empty() || fin_on_its_way_) return;
        fin_on_its_way_ = true;
        net_.later(net_.latency_, [line = shared_from_this()] {
            line->end_arrived_ = true;
            line->tell_readable();
        });
    }
    void arrive(Bytes octets) {
        net_.later(net_.latency_, [line = shared_from_this(), octets = std::move(octets)] {
            if (line->user_ == nullptr || line->dead_) return;
            line->arrived_.push_back(octets);
            line->tell_readable();
        });
    }
    void tell_readable() {
        if (!waiting_ || user_ == nullptr || dead_ || (arrived_.empty() && !end_arrived_)) return;
        waiting_ = false;
        user_->on_readable();
    }

    FakeNet& net_;
    modem::Transport transport_;
    modem::Endpoint remote_;
    std::uint16_t local_port_;
    modem::ConnectionUser* user_;  // null: the client let go
    std::unique_ptr<FakeServer> server_;
    // to the server
    std::deque<Bytes> unread_;
    std::size_t towards_server_ = 0;
    Bytes received_;
    bool paused_ = false;
    bool short_write_ = false;
    bool fin_sent_ = false;
    bool fin_arrived_ = false;
    bool end_seen_ = false;
    bool reset_seen_ = false;
    // to the client
    ByteQueue backlog_;
    std::deque<Bytes> arrived_;
    std::size_t towards_client_ = 0;
    bool waiting_ = false;
    bool closed_by_server_ = false;
    bool reset_by_server_ = false;
    bool fin_on_its_way_ = false;
    bool end_arrived_ = false;
    bool dead_ = false;
    std::optional<modem::TcpCare> care_;
};

class FakeNet::Client final : public modem::Connection {
public:
    Client(FakeNet& net, std::shared_ptr<Line> line) : net_(net), line_(std::move(line)) { ++net_.open_connections_; }
    ~Client() override {
        --net_.open_connections_;
        line_->abandon();
    }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;
    std::size_t write(BytesView octets) override { return line_->write(octets); }
    ReadResult read(std::span<char> into) override { return line_->read(into); }
    void shut_down() override { line_->client_ends(false); }
    void reset() override { line_->client_ends(true); }
    void set_care(const modem::TcpCare& care) override { line_->set_care(care); }
    [[nodiscard]] modem::Endpoint local() const override { return {"10.0.0.1", line_->local_port()}; }

private:
    FakeNet& net_;
    std::shared_ptr<Line> line_;
};

}  // namespace atls::test
