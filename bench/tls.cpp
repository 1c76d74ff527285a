// Handshakes a second and octets a second of the TLS engine against OpenSSL's libssl. Client and an OpenSSL server
// share one thread and two pipes in memory; only what happens inside the client's calls is timed: creating, handshake,
// moving octets, destroying.
#include <array>
#include <cstdlib>
#include <cstring>

#include "common.hpp"
#include "tls_clients.hpp"

namespace atls::bench {

namespace {

constexpr double timed_seconds = 0.25;  // inside the client, each run
constexpr std::size_t record = 16384;
constexpr int burst = 16;  // records between two looks at the clock
constexpr double megabyte = 1e6;

using MakeClient = std::unique_ptr<TlsClient> (*)(const Scenario&, const Pki&, Pipes&, bool resumable);

enum class Resume { no, by_id, by_ticket };

/// One connection's handshake; the server's part is not timed.
std::unique_ptr<Connection> open(TlsClient& client, PipeServer& server, bool resume, CpuStopwatch& watch) {
    auto connection = timed(watch, [&] { return client.connect(resume); });
    bool client_done = false;
    bool server_done = false;
    for (int turn = 0; turn < 20 && !(client_done && server_done); ++turn) {
        if (!server_done) server_done = server.handshake();
        if (!client_done) client_done = timed(watch, [&] { return connection->handshake(); });
    }
    demand(client_done && server_done, "a handshake within 20 turns");
    return connection;
}

class Handshakes {
public:
    Handshakes(MakeClient make, const Scenario& scenario, const Pki& pki, Resume resume)
        : make_new_([this, make, scenario, &pki] { return make(scenario, pki, pipes_, false); }),
          context_(server_context(pki.*scenario.server, {.tickets = resume == Resume::by_ticket})),
          client_(make(scenario, pki, pipes_, resume == Resume::by_ticket || resume == Resume::by_id)),
          resume_(resume != Resume::no) {
        if (!resume_) return;
        CpuStopwatch unused;
        PipeServer server(context_.get(), pipes_);
        client_->keep_session(*open(*client_, server, false, unused));
    }

    /// Nothing is shared: what was parsed is parsed again for each connection.
    void share_nothing() { shared_ = false; }

    double a_second() {
        CpuStopwatch watch;
        int count = 0;
        while (watch.seconds() < timed_seconds) {
            PipeServer server(context_.get(), pipes_);
            if (!shared_) timed(watch, [&] { client_ = make_new_(); });
            auto connection = open(*client_, server, resume_, watch);
            demand(connection->resumed() == resume_, "a handshake of the wanted kind");
            timed(watch, [&] { connection.reset(); });
            ++count;
        }
        return count / watch.seconds();
    }

private:
    Pipes pipes_;
    std::function<std::unique_ptr<TlsClient>()> make_new_;
    SslContext context_;
    std::unique_ptr<TlsClient> client_;
    bool resume_;
    bool shared_ = true;
};

class Bulk {
public:
    Bulk(MakeClient make, const Scenario& scenario, const Pki& pki, bool encrypt_then_mac)
        : context_(server_context(pki.*scenario.server, {.encrypt_then_mac = encrypt_then_mac})),
          server_(context_.get(), pipes_),
          client_(make(scenario, pki, pipes_, false)) {
        CpuStopwatch unused;
        connection_ = open(*client_, server_, false, unused);
    }

    double sent_a_second() {
        CpuStopwatch watch;
        std::size_t octets = 0;
        while (watch.seconds() < timed_seconds) {
            timed(watch, [&] {
                for (int i = 0; i < burst; ++i) connection_->write(content());
            });
            octets += server_.drain();
        }
        return static_cast<double>(octets) / megabyte / watch.seconds();
    }

    double received_a_second() {
        CpuStopwatch watch;
        std::size_t octets = 0;
        while (watch.seconds() < timed_seconds) {
            for (int i = 0; i < burst; ++i) server_.write(content());
            octets += timed(watch, [&] { return take_all(); });
        }
        return static_cast<double>(octets) / megabyte / watch.seconds();
    }

private:
    static std::string_view content() {
        static const std::string octets(record, 'Z');
        return octets;
    }

    std::size_t take_all() {
        static std::array<char, record> into;
        std::size_t octets = 0;
        while (const std::size_t count = connection_->read(into)) octets += count;
        demand(octets == burst * record && into[0] == 'Z', "what the server sent");
        return octets;
    }

    Pipes pipes_;
    SslContext context_;
    PipeServer server_;
    std::unique_ptr<TlsClient> client_;
    std::unique_ptr<Connection> connection_;
};

constexpr Scenario ecdhe_rsa{"ecdhe_rsa_aes128_gcm", 0xC02F, "ECDHE-RSA-AES128-GCM-SHA256", &Pki::rsa};
constexpr Scenario static_rsa{"rsa_aes256_sha", 0x0035, "AES256-SHA", &Pki::rsa};
// None of the modules offers an ECDHE-ECDSA suite with GCM; tls.md measured this one beside it.
constexpr Scenario ecdhe_ecdsa{"ecdhe_ecdsa_aes128_sha256", 0xC023, "ECDHE-ECDSA-AES128-SHA256", &Pki::ec};
constexpr Scenario psk{"psk_aes128_sha", 0x008C, "PSK-AES128-CBC-SHA", &Pki::rsa, true};

void compare_handshakes(const Scenario& scenario, const Pki& pki, Resume resume, double target) {
    Handshakes ours(&our_client, scenario, pki, resume);
    Handshakes peer(&openssl_client, scenario, pki, resume);
    std::string name = "handshake." + std::string(scenario.name);
    if (resume == Resume::by_id) name = "handshake.resumed_by_id";
    if (resume == Resume::by_ticket) name = "handshake.resumed_by_ticket";
    compare(
        name, "1/s", [&] { return ours.a_second(); }, [&] { return peer.a_second(); }, at_least(target));
}

void compare_unshared_handshakes(const Pki& pki) {
    Handshakes ours(&our_client, ecdhe_rsa, pki, Resume::no);
    Handshakes peer(&openssl_client, ecdhe_rsa, pki, Resume::no);
    ours.share_nothing();
    peer.share_nothing();
    compare(
        "handshake.ca_parsed_each_time", "1/s", [&] { return ours.a_second(); }, [&] { return peer.a_second(); },
        told());
}

void compare_bulk(const std::string& name, const Scenario& scenario, const Pki& pki, bool encrypt_then_mac,
                  Target target) {
    Bulk ours(&our_client, scenario, pki, encrypt_then_mac);
    Bulk peer(&openssl_client, scenario, pki, encrypt_then_mac);
    compare(
        "bulk." + name + ".sent", "MB/s", [&] { return ours.sent_a_second(); }, [&] { return peer.sent_a_second(); },
        target);
    compare(
        "bulk." + name + ".received", "MB/s", [&] { return ours.received_a_second(); },
        [&] { return peer.received_a_second(); }, target);
}

void compare_all_handshakes(const Pki& pki) {
    compare_handshakes(ecdhe_rsa, pki, Resume::no, 2.5);
    compare_handshakes(static_rsa, pki, Resume::no, 3.5);
    compare_handshakes(ecdhe_ecdsa, pki, Resume::no, 2);
    compare_handshakes(psk, pki, Resume::no, 2.5);
    compare_handshakes(ecdhe_rsa, pki, Resume::by_id, 2);
    compare_handshakes(ecdhe_rsa, pki, Resume::by_ticket, 2);
    compare_unshared_handshakes(pki);
}

void compare_all_bulk(const Pki& pki) {
    compare_bulk("aes128_gcm", ecdhe_rsa, pki, false, at_least(0.9));
    compare_bulk("aes256_sha", static_rsa, pki, false, at_least(0.5));
    compare_bulk("aes256_sha_encrypt_then_mac", static_rsa, pki, true, told());
}

/// For a profiler: one side's handshakes and nothing else.
void only_ours(std::string_view name, const Pki& pki) {
    for (const Scenario& scenario : {ecdhe_rsa, static_rsa, ecdhe_ecdsa, psk}) {
        if (scenario.name != name) continue;
        Handshakes ours(&our_client, scenario, pki, Resume::no);
        for (int run = 0; run < runs; ++run) ours.a_second();
    }
    if (name != "resumed") return;
    Handshakes ours(&our_client, ecdhe_rsa, pki, Resume::by_id);
    for (int run = 0; run < runs; ++run) ours.a_second();
}

}  // namespace

}  // namespace atls::bench

int main(int argc, char** argv) {
    using namespace atls::bench;
    end_after(200);
    const std::string_view what = argc > 1 ? argv[1] : "all";
    const Pki pki = make_pki();
    if (what == "all" || what == "handshakes") compare_all_handshakes(pki);
    if (what == "all" || what == "bulk") compare_all_bulk(pki);
    if (what == "profile" && argc > 2) only_ours(argv[2], pki);
    return 0;
}
