#include "modem/wire.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "base/ensure.hpp"

namespace atls::modem {

namespace {
// What a read from a TLS connection takes at most: one record's worth, so that little waits unfed when the host stops
// reading.
constexpr std::size_t tls_chunk = 16384;
// Room that must be free before a datagram is read; an IP packet of a cellular network is no larger.
constexpr std::size_t datagram_room = 1500;

// Scratch for all wires of a thread: ten thousand modems must not hold one each. Nothing lives in it between calls.
std::span<char> from_network() {
    static thread_local std::array<char, 65536> octets;
    return octets;
}
std::span<char> from_tls() {
    static thread_local std::array<char, 16384> octets;
    return octets;
}
}  // namespace

Wire::Wire(std::unique_ptr<Connection> connection, bool datagrams)
    : connection_(std::move(connection)), unsent_(datagrams), datagrams_(datagrams) {}

std::size_t Wire::pending() const { return tls_ ? tls_->output_size() : unsent_.size(); }

bool Wire::send(BytesView octets) {
    if (!writable()) return false;
    if (tls_) {
        if (!tls_->write(octets)) return false;
    } else {
        // Past the queue when it is empty: bulk is not copied.
        if (unsent_.empty()) octets.remove_prefix(connection_->write(octets));
        unsent_.append(octets);
    }
    flush();
    return true;
}

void Wire::flush() {
    if (!writable()) return;
    while (pending() > 0) {
        const BytesView out = tls_ ? tls_->output() : unsent_.front();
        if (out.empty()) break;
        const std::size_t offered = out.size();
        const std::size_t taken = connection_->write(out);
        if (taken == 0) return;
        if (tls_) {
            tls_->output_sent(taken);
        } else {
            unsent_.consume(taken);
        }
        if (taken < offered) return;
    }
    if (goodbye_ && !shut_down_) {
        shut_down_ = true;
        if (!datagrams_) connection_->shut_down();
    }
}

void Wire::say_goodbye() {
    if (goodbye_ || !writable()) return;
    goodbye_ = true;
    if (tls_) tls_->close();
    flush();
}

Wire::Input Wire::receive(DataQueue& into, std::size_t limit, Time now) {
    if (!connection_) return Input::ended;
    const Input input = tls_ ? receive_tls(into, limit, now) : receive_plain(into, limit);
    if (tls_) flush();
    return input;
}

Wire::Input Wire::receive_plain(DataQueue& into, std::size_t limit) {
    const std::span<char> scratch = from_network();
    for (;;) {
        const std::size_t room = limit - std::min(limit, into.size());
        if (!unfed_.empty()) {
            // Larger than the whole buffer, it goes in when that is empty.
            if (unfed_.size() > room && !into.empty()) return Input::full;
            into.append(unfed_.view());
            unfed_.clear();
            continue;
        }
        if (ended_ || broken_) return Input::ended;
        if (room == 0) return Input::full;
        const auto got = connection_->read(datagrams_ ? scratch : scratch.first(std::min(room, scratch.size())));
        if (got.kind == Connection::Read::nothing_now) return Input::nothing_now;
        if (got.kind == Connection::Read::end) {
            ended_ = true;
            return Input::ended;
        }
        const BytesView octets(scratch.data(), got.count);
        if (datagrams_ && octets.size() > room) {
            unfed_.append(octets);
        } else {
            into.append(octets);
        }
    }
}

Wire::Input Wire::receive_tls(DataQueue& into, std::size_t limit, Time now) {
    for (;;) {
        if (!drain_tls(into, limit, now)) return Input::full;
        if (tls_->state() == tls::State::peer_closed || tls_->state() == tls::State::failed) return Input::ended;
        if (!unfed_.empty()) {
            if (!feed_unfed(now)) return Input::nothing_now;
            continue;
        }
        if (ended_ || broken_) return Input::ended;
        if (!read_and_feed(now)) return Input::nothing_now;
    }
}

// Decrypted octets into the buffer; false: it is full.
bool Wire::drain_tls(DataQueue& into, std::size_t limit, Time now) {
    const std::span<char> scratch = from_tls();
    for (;;) {
        const std::size_t room = limit - std::min(limit, into.size());
        // A buffer smaller than a datagram still takes one when it is empty.
        if (datagrams_ ? room < datagram_room && !into.empty() : room == 0) return false;
        const std::size_t most = std::min(datagrams_ ? std::max(room, datagram_room) : room, scratch.size());
        const std::size_t count = tls_->read(scratch.first(most), now);
        if (count == 0) return true;
        into.append(BytesView(scratch.data(), count));
    }
}

// False: TLS took nothing although nothing waits to be read from it.
bool Wire::feed_unfed(Time now) {
    const std::size_t taken = tls_->feed(unfed_.view(), now);
    unfed_.consume(taken);
    return taken > 0;
}

// False: nothing there now.
bool Wire::read_and_feed(Time now) {
    const std::span<char> scratch = datagrams_ ? from_network() : from_network().first(tls_chunk);
    const auto got = connection_->read(scratch);
    if (got.kind == Connection::Read::nothing_now) return false;
    if (got.kind == Connection::Read::end) {
        ended_ = true;
        tls_->feed_end(now);
        return true;
    }
    const BytesView octets(scratch.data(), got.count);
    const std::size_t taken = tls_->feed(octets, now);
    // The engine answers on the way (key exchange, alerts): out at once, the peer waits for it.
    if (tls_->state() == tls::State::handshaking) flush();
    unfed_.append(octets.substr(taken));
    return true;
}

Wire::Input Wire::discard(Time now) {
    DataQueue thrown_away(datagrams_);
    for (;;) {
        const Input input = receive(thrown_away, from_network().size(), now);
        if (input != Input::full) return input;
        thrown_away.clear();
    }
}

void Wire::reset() {
    if (writable()) connection_->reset();
    broken_ = true;
}

void Wire::set_care(const TcpCare& care) {
    if (writable()) connection_->set_care(care);
}

void Wire::drop() {
    connection_.reset();
    tls_.reset();
    unsent_.clear();
    unfed_.clear();
}

std::optional<Time> Wire::next_deadline() const { return tls_ ? tls_->next_deadline() : std::nullopt; }

void Wire::expire(Time now) {
    if (!tls_) return;
    tls_->expire(now);
    flush();
}

void Wire::trim() {
    if (tls_ && pending() == 0 && unfed_.empty()) tls_->trim();
}

}  // namespace atls::modem
