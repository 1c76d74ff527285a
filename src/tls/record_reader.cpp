#include "tls/record_reader.hpp"

#include <algorithm>
#include <cstring>

namespace atls::tls {

namespace {

constexpr std::uint8_t change_cipher_spec = 20;
constexpr std::uint8_t handshake = 22;
constexpr std::uint8_t application_data = 23;
constexpr std::size_t longest_record = 16384 + 2048;  // RFC 5246 6.2.3
constexpr std::size_t longest_message = 16384;        // what fits mbed TLS's input buffer
constexpr std::size_t message_header = 4;

std::size_t octet(char c) { return static_cast<unsigned char>(c); }

std::size_t message_size(BytesView octets, std::size_t at) {
    return message_header + (octet(octets[at + 1]) << 16 | octet(octets[at + 2]) << 8 | octet(octets[at + 3]));
}

}  // namespace

int RecordReader::refuse(std::string why) {
    fault_ = std::move(why);
    return -1;
}

bool RecordReader::in_the_middle() const {
    return header_filled_ > 0 || !message_.empty() || !ready_.empty() || header_to_hand_on_ > 0 || body_to_hand_on_ > 0;
}

void RecordReader::release() {
    Bytes().swap(body_);
    Bytes().swap(message_);
}

int RecordReader::hand_out(char* into, std::size_t most) {
    const std::size_t count = std::min(most, ready_.size());
    std::memcpy(into, ready_.view().data(), count);
    ready_.consume(count);
    return static_cast<int>(count);
}

/// A record that is here as a whole and holds one whole message: what most servers send.
bool RecordReader::passes_as_it_is() const {
    if (input_.size() < body_left_ || !body_.empty() || !message_.empty()) return false;
    return type() != handshake || (body_left_ >= message_header && message_size(input_, 0) == body_left_);
}

int RecordReader::hand_on(char* into, std::size_t most) {
    const std::size_t header = std::min(most, header_to_hand_on_);
    std::memcpy(into, header_.data() + header_size - header_to_hand_on_, header);
    header_to_hand_on_ -= header;
    const std::size_t body = std::min({most - header, body_to_hand_on_, input_.size()});
    std::memcpy(into + header, input_.data(), body);
    input_.remove_prefix(body);
    body_to_hand_on_ -= body;
    return static_cast<int>(header + body);
}

/// True once the header is whole. What arrives in the meantime is kept.
bool RecordReader::take_header(std::size_t most) {
    const std::size_t count = std::min({most, header_size - header_filled_, input_.size()});
    std::memcpy(header_.data() + header_filled_, input_.data(), count);
    header_filled_ += count;
    input_.remove_prefix(count);
    if (header_filled_ < header_size) return false;
    body_left_ = octet(header_[3]) << 8 | octet(header_[4]);
    return true;
}

bool RecordReader::check_header() {
    const BytesView header(header_.data(), header_.size());
    if (type() < change_cipher_spec || type() > application_data || header_[1] != 3) {
        const std::string octets = printable(Bytes(header) + Bytes(input_.substr(0, 60)), 64);
        refuse(first_ ? "the peer does not speak TLS, it answered: " + octets : "not a TLS record: " + octets);
        return false;
    }
    if (body_left_ > longest_record) {
        refuse("a record of " + std::to_string(body_left_) + " octets, more than TLS allows");
        return false;
    }
    first_ = false;
    return true;
}

int RecordReader::read(char* into, std::size_t most, const Phase& phase) {
    if (!fault_.empty()) return -1;
    if (header_to_hand_on_ > 0 || body_to_hand_on_ > 0) return hand_on(into, most);
    if (ready_.empty() && phase.encrypted) return read_encrypted(into, most, phase);
    while (ready_.empty() && !input_.empty()) {
        if (header_filled_ < header_size) {
            if (!take_header(header_size)) break;
            if (!check_header()) return -1;
            if (passes_as_it_is()) {
                header_filled_ = 0;
                header_to_hand_on_ = header_size;
                body_to_hand_on_ = body_left_;
                return hand_on(into, most);
            }
        }
        const std::size_t count = std::min(body_left_, input_.size());
        body_.append(input_.substr(0, count));
        input_.remove_prefix(count);
        body_left_ -= count;
        if (body_left_ > 0) break;
        header_filled_ = 0;
        if (!take_record()) return -1;
        body_.clear();
    }
    return hand_out(into, most);
}

/// A whole plaintext record is in header_ and body_.
bool RecordReader::take_record() {
    if (type() == handshake) return rejoin();
    if (type() == change_cipher_spec && !message_.empty()) {
        refuse("ChangeCipherSpec in the middle of a handshake message");
        return false;
    }
    ready_.append(BytesView(header_.data(), header_.size()));
    ready_.append(body_);
    return true;
}

bool RecordReader::rejoin() {
    message_.append(body_);
    std::size_t at = 0;
    while (message_.size() - at >= message_header) {
        const std::size_t size = message_size(message_, at);
        if (size > longest_message) {
            refuse("a handshake message of " + std::to_string(size) + " octets");
            return false;
        }
        if (message_.size() - at < size) break;
        const std::array<char, header_size> header{header_[0], header_[1], header_[2], static_cast<char>(size >> 8),
                                                   static_cast<char>(size & 0xFF)};
        ready_.append(BytesView(header.data(), header.size()));
        ready_.append(BytesView(message_).substr(at, size));
        at += size;
    }
    message_.erase(0, at);
    return true;
}

int RecordReader::read_encrypted(char* into, std::size_t most, const Phase& phase) {
    if (input_.empty()) return 0;
    if (header_filled_ < header_size) {
        const std::size_t had = header_filled_;
        const bool whole = take_header(most);
        if (whole && !check_header()) return -1;
        if (whole && body_left_ < phase.least_record) {
            return refuse("an encrypted record of " + std::to_string(body_left_) +
                          " octets, too short for its suite's MAC");
        }
        const std::size_t taken = header_filled_ - had;
        std::memcpy(into, header_.data() + had, taken);
        if (whole && body_left_ == 0) header_filled_ = 0;
        return static_cast<int>(taken);
    }
    const std::size_t count = std::min({most, body_left_, input_.size()});
    std::memcpy(into, input_.data(), count);
    input_.remove_prefix(count);
    body_left_ -= count;
    if (body_left_ == 0) header_filled_ = 0;
    return static_cast<int>(count);
}

}  // namespace atls::tls
