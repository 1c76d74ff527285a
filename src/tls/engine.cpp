#include "tls/engine.hpp"

#include <algorithm>
#include <cstring>

#include "tls/chain.hpp"
#include "tls/credentials_data.hpp"
#include "tls/text.hpp"

namespace atls::tls {

namespace {

constexpr std::size_t length_octets = 4;  // before each datagram in the output queue

std::uint32_t length_at_front(BytesView queue) {
    std::uint32_t length = 0;
    std::memcpy(&length, queue.data(), length_octets);
    return length;
}

bool wants_more(int result) { return result == MBEDTLS_ERR_SSL_WANT_READ || result == MBEDTLS_ERR_SSL_WANT_WRITE; }

}  // namespace

// --- towards the network
// -----------------------------------------------------------------------------------------------

std::size_t Engine::feed(BytesView from_peer, Time now) {
    now_ = now;
    if (state_ != State::handshaking && state_ != State::open) return from_peer.size();
    if (decrypted() > 0 || from_peer.empty()) return 0;
    if (settings_.progress) settings_.progress(4, "received " + std::to_string(from_peer.size()) + " octets");
    if (settings_.datagram) {
        datagram_ = from_peer;
        advance();
        datagram_ = {};
        return from_peer.size();
    }
    reader_.offer(from_peer);
    advance();
    const std::size_t left = state_ == State::handshaking || state_ == State::open ? reader_.left().size() : 0;
    reader_.offer({});
    return from_peer.size() - left;
}

void Engine::feed_end(Time now) {
    now_ = now;
    if (state_ == State::handshaking) {
        fail_with({.cause = Cause::truncated,
                   .text = "the peer ended the transport during the handshake, " + waiting_for(ssl_.state)});
    } else if (state_ == State::open) {
        state_ = State::peer_closed;
        failure_ = {.cause = Cause::truncated,
                    .text = reader_.in_the_middle() ? "the peer ended the transport in the middle of a record"
                                                    : "the peer ended the transport without close_notify"};
    }
}

BytesView Engine::output() const {
    const BytesView queued = out_.view();
    if (!settings_.datagram || queued.empty()) return queued;
    return queued.substr(length_octets, length_at_front(queued));
}

void Engine::output_sent(std::size_t count) {
    if (out_.empty()) return;
    if (!settings_.datagram) {
        out_.consume(count);
        out_size_ -= count;
        return;
    }
    const std::size_t size = length_at_front(out_.view());
    out_.consume(length_octets + size);
    out_size_ -= size;
}

std::size_t Engine::output_size() const { return out_size_ + held_.size(); }

int Engine::on_send(void* engine, const unsigned char* octets, std::size_t count) {
    auto& self = *static_cast<Engine*>(engine);
    const BytesView record(reinterpret_cast<const char*>(octets), count);
    if (self.settings_.datagram) {
        const auto length = static_cast<std::uint32_t>(count);
        self.out_.append(BytesView(reinterpret_cast<const char*>(&length), length_octets));
    }
    // An alert that is still readable here names the fault in the Failure's sentence.
    const std::size_t header = self.settings_.datagram ? 13 : 5;
    if (octets[0] == MBEDTLS_SSL_MSG_ALERT && count == header + 2) self.evidence_.alert_sent = octets[header + 1];
    if (self.settings_.progress) self.note_record("sent", record);
    self.out_.append(record);
    self.out_size_ += count;
    return static_cast<int>(count);
}

RecordReader::Phase Engine::phase() const {
    if (ssl_.transform_in == nullptr) return {};
    const auto mode = mbedtls_cipher_get_cipher_mode(&ssl_.transform_in->cipher_ctx_dec);
    return {.encrypted = true, .least_record = mode == MBEDTLS_MODE_STREAM ? ssl_.transform_in->maclen : 0};
}

int Engine::on_receive(void* engine, unsigned char* into, std::size_t most) {
    auto& self = *static_cast<Engine*>(engine);
    if (self.settings_.datagram) {
        if (self.datagram_.empty()) return MBEDTLS_ERR_SSL_WANT_READ;
        const std::size_t count = std::min(most, self.datagram_.size());
        std::memcpy(into, self.datagram_.data(), count);
        self.datagram_ = {};
        return static_cast<int>(count);
    }
    const int count = self.reader_.read(reinterpret_cast<char*>(into), most, self.phase());
    if (count < 0) return MBEDTLS_ERR_SSL_INVALID_RECORD;
    return count == 0 ? MBEDTLS_ERR_SSL_WANT_READ : count;
}

// --- progress
// ----------------------------------------------------------------------------------------------------------

void Engine::advance() {
    if (state_ == State::handshaking) handshake();
    if (state_ == State::open) receive();
}

bool Engine::more_to_process() {
    const std::size_t input = settings_.datagram ? datagram_.size() : reader_.left().size();
    const Progress now{input, ssl_.in_left, ssl_.next_record_offset, ssl_.keep_current_message};
    const bool further = !(now == progress_);
    progress_ = now;
    return further && (input > 0 || mbedtls_ssl_check_pending(&ssl_) == 1);
}

/// At seclevel 2 a server that asks is not given an empty answer.
bool Engine::refuse_missing_certificate() {
    if (ssl_.client_auth == 0) return false;
    evidence_.certificate_asked_and_none_set = !(settings_.credentials && settings_.credentials->own);
    if (!evidence_.certificate_asked_and_none_set || !settings_.own_certificate_demanded) return false;
    mbedtls_ssl_send_alert_message(&ssl_, MBEDTLS_SSL_ALERT_LEVEL_FATAL, MBEDTLS_SSL_ALERT_MSG_HANDSHAKE_FAILURE);
    fail_with(
        {.cause = Cause::own_certificate_wanted, .text = "the server asks for a client certificate, none is set"});
    return true;
}

void Engine::handshake() {
    while (!handshake_over()) {
        const int before = ssl_.state;
        evidence_.handshake_state = before;
        if (before == MBEDTLS_SSL_CLIENT_CERTIFICATE && refuse_missing_certificate()) return;
        const int result = mbedtls_ssl_handshake_step(&ssl_);
        if (before == MBEDTLS_SSL_SERVER_HELLO && ssl_.state > before && ssl_.handshake != nullptr) {
            resumed_ = ssl_.handshake->resume != 0;
        }
        if (result == 0) continue;
        if (!wants_more(result)) return fail(result);
        if (settings_.progress && std::exchange(noted_state_, ssl_.state) != ssl_.state) {
            settings_.progress(2, waiting_for(ssl_.state));
        }
        if (!more_to_process()) return;
    }
    handshake_done();
}

void Engine::note_record(const char* way, BytesView record) const {
    static constexpr const char* types[] = {"ChangeCipherSpec", "alert", "handshake", "application data"};
    const unsigned type = static_cast<unsigned char>(record[0]) - MBEDTLS_SSL_MSG_CHANGE_CIPHER_SPEC;
    settings_.progress(4, std::string(way) + " a record of " + std::to_string(record.size()) +
                              " octets: " + (type < std::size(types) ? types[type] : "of no known type"));
}

void Engine::handshake_done() {
    state_ = State::open;
    reader_.release();
    evidence_.handshake_state = MBEDTLS_SSL_HANDSHAKE_OVER;
    if (!settings_.progress) return;
    settings_.progress(2, "the negotiation is complete");
    settings_.progress(3, "agreed on " + std::string(name_of(version())) + ", " + suite_text(suite()) +
                              (resumed_ ? ", a resumed session" : ""));
}

void Engine::receive() {
    while (decrypted() == 0) {
        const int result = mbedtls_ssl_read(&ssl_, nullptr, 0);
        if (result >= 0) continue;  // a record without content, or decrypted() tells how much
        if (result == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY) {
            state_ = State::peer_closed;
            failure_ = {.cause = Cause::closed_by_peer, .text = "the peer closed the connection (close_notify)"};
            return;
        }
        if (!wants_more(result)) return fail(result);
        if (!more_to_process()) break;
    }
    flush_held();
}

void Engine::fail(int error) {
    if (state_ == State::failed) return;
    if (failure_.cause != Cause::none) return fail_with(failure_);  // on_certificate() has said why
    if (!reader_.fault().empty()) return fail_with({.cause = Cause::protocol_error, .text = reader_.fault()});
    if (error == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE) evidence_.alert_received = ssl_.in_msg[1];
    if (error == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY) {
        return fail_with(
            {.cause = Cause::closed_by_peer, .text = "the peer closed (close_notify) " + waiting_for(ssl_.state)});
    }
    fail_with(explained(error));
}

void Engine::fail_with(Failure failure) {
    if (evidence_.alert_sent) failure.text += "; sent alert " + alert_text(*evidence_.alert_sent);
    failure_ = std::move(failure);
    state_ = State::failed;
    if (settings_.progress) settings_.progress(1, failure_.text);
}

// --- towards the application
// -------------------------------------------------------------------------------------------

bool Engine::write(BytesView plain) {
    if (state_ != State::open || closing_) return false;
    if (!handshake_over() || !held_.empty()) {
        held_.append(plain);  // a renegotiation is under way
        return true;
    }
    return encrypt(plain);
}

bool Engine::encrypt(BytesView plain) {
    // The MTU paces the handshake's flights; what the application sends as one datagram stays one.
    const std::uint16_t mtu = ssl_.mtu;
    if (settings_.datagram) mbedtls_ssl_set_mtu(&ssl_, 0);
    while (!plain.empty() && state_ == State::open) {
        const std::size_t most = std::min<std::size_t>(plain.size(), MBEDTLS_SSL_OUT_CONTENT_LEN);
        const int result = mbedtls_ssl_write(&ssl_, reinterpret_cast<const unsigned char*>(plain.data()), most);
        if (result > 0) {
            plain.remove_prefix(static_cast<std::size_t>(result));
        } else if (wants_more(result)) {
            held_.append(plain);
            break;
        } else {
            fail(result);
        }
    }
    if (settings_.datagram) mbedtls_ssl_set_mtu(&ssl_, mtu);
    return state_ == State::open;
}

void Engine::flush_held() {
    if (held_.empty() || !handshake_over() || state_ != State::open) return;
    encrypt(held_.take(held_.size()));
}

std::size_t Engine::read(std::span<char> into, Time now) {
    now_ = now;
    const std::size_t most = std::min(into.size(), decrypted());
    if (most == 0) return 0;
    const int count = mbedtls_ssl_read(&ssl_, reinterpret_cast<unsigned char*>(into.data()), most);
    ensure(count > 0, "decrypted octets cannot be read");
    // A datagram may hold more records.
    if (state_ == State::open && decrypted() == 0) receive();
    return static_cast<std::size_t>(count);
}

void Engine::close() {
    if (closing_ || state_ == State::failed || state_ == State::handshaking) return;
    closing_ = true;
    mbedtls_ssl_close_notify(&ssl_);
}

}  // namespace atls::tls
