#include "unit/tls/mangled_play.hpp"

#include <algorithm>
#include <array>

#include "base/ensure.hpp"
#include "unit/tls/harness.hpp"

namespace atls::tls::testing {

namespace {

using test::PeerOptions;
using test::Pki;

std::size_t octet(BytesView input, std::size_t at) {
    return at < input.size() ? static_cast<unsigned char>(input[at]) : 0U;
}

/// Position (two octets), what to do, and with what.
Bytes mangled(Bytes good, BytesView edits) {
    for (; edits.size() >= 4 && !good.empty(); edits.remove_prefix(4)) {
        const std::size_t at = (octet(edits, 0) << 8 | octet(edits, 1)) % good.size();
        switch (octet(edits, 2) % 4) {
            case 0:
                good[at] = edits[3];
                break;
            case 1:
                good[at] = static_cast<char>(good[at] ^ (1 << (octet(edits, 3) % 8)));
                break;
            case 2:
                good.insert(at, octet(edits, 3) % 16 + 1, edits[3]);
                break;
            default:
                good.erase(at, octet(edits, 3) % 16 + 1);
        }
    }
    return good;
}

void load(const CredentialFiles& files) {
    const auto loaded = load_credentials(files);
    ensure(loaded.ok() || !loaded.error().text.empty(), "a refusal without a word");
}

void mangle_certificate(std::size_t which, BytesView edits) {
    const Pki& pki = Pki::get();
    const std::array files{pki.client.certificate, pki.client.certificate_der, pki.ec_client.certificate,
                           pki.ec_client.certificate_der, pki.by_intermediate.chain()};
    const Bytes file = mangled(files[which % files.size()], edits);
    load({.trusted = file});
    load({.own_certificate = file, .own_key = which % 5 < 2 ? pki.client.key : pki.ec_client.key});
}

void mangle_key(std::size_t which, BytesView edits) {
    const Pki& pki = Pki::get();
    const test::Pair& pair = which % 2 == 0 ? pki.client : pki.ec_client;
    const std::array files{pair.key, pair.key_traditional, pair.key_der, pair.key_pkcs8_der};
    load({.own_certificate = pair.certificate, .own_key = mangled(files[which / 2 % files.size()], edits)});
}

Settings settings_for(std::size_t which) {
    Settings settings = strict();
    settings.datagram = which % 2 == 1;
    settings.lowest = settings.datagram ? Version::dtls1_0 : Version::tls1_0;
    settings.highest = settings.datagram ? Version::dtls1_2 : Version::tls1_2;
    settings.credentials = trust_and_own(Pki::get().ec_client.certificate, Pki::get().ec_client.key);
    return settings;
}

PeerOptions options_for(std::size_t which) {
    static const std::array identities{&Pki::get().server, &Pki::get().by_intermediate, &Pki::get().ec_server};
    PeerOptions options;
    options.datagram = which % 2 == 1;
    options.identity = identities[which / 2 % identities.size()];
    options.demand_client_certificate = which / 8 % 2 == 1;
    if (which / 16 % 2 == 1) options.ciphers = "AES128-SHA:AES256-SHA256:ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0";
    options.tickets = true;
    return options;
}

void give(Client& client, BytesView octets) {
    std::array<char, 4096> into{};
    while (!octets.empty() && (client.state() == State::handshaking || client.state() == State::open)) {
        const std::size_t taken = client.feed(octets, Time{});
        octets.remove_prefix(taken);
        if (client.read(into, Time{}) == 0 && taken == 0) return;
    }
    ensure(client.state() != State::failed || !client.failure().text.empty(), "a failure without a word");
}

void mangle_flight(std::size_t which, BytesView edits) {
    test::TlsPeer peer(options_for(which));
    auto client = make(settings_for(which));
    peer.feed(client->output());
    while (true) {
        const Bytes out = peer.take_output();
        if (out.empty()) break;
        give(*client, mangled(out, edits));
    }
    give(*client, edits);
}

void mangle_records(std::size_t which, BytesView edits) {
    Link link(settings_for(which), options_for(which));
    link.settle();
    ensure(link.open(), "a connection that nobody mangled");
    link.peer.write(Bytes(100, 'x'));
    give(*link.client, mangled(link.peer.take_output(), edits));
}

}  // namespace

void play_mangled(BytesView input) {
    if (input.size() < 2) return;
    constexpr std::array plays{mangle_certificate, mangle_key, mangle_flight, mangle_records};
    plays[octet(input, 0) % plays.size()](octet(input, 1), input.substr(2));
}

}  // namespace atls::tls::testing
