// Between the transport and mbed TLS: puts handshake messages that a server split over several records back into one
// record each, which mbed TLS 2.28 demands, and refuses records that it would mishandle.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "base/bytes.hpp"

namespace atls::tls {

class RecordReader {
public:
    /// What the connection's receiving side is at.
    struct Phase {
        bool encrypted = false;
        /// An encrypted record shorter than this is refused: mbed TLS before 2.28.5 reads beyond an RC4 record shorter
        /// than its MAC.
        std::size_t least_record = 0;
    };

    /// The octets that read() may take; they must stay in place as long as read() is called.
    void offer(BytesView input) { input_ = input; }
    [[nodiscard]] BytesView left() const { return input_; }

    /// Up to `most` octets into `into`; 0: more input is needed; -1: refused, fault() says why.
    /// Must be called in step with mbed TLS: never past a record before that record was processed.
    int read(char* into, std::size_t most, const Phase& phase);
    [[nodiscard]] const std::string& fault() const { return fault_; }

    /// Inside a record or handshake message: an end of the transport here cuts it.
    [[nodiscard]] bool in_the_middle() const;
    /// The handshake is over: gives its buffers back.
    void release();

private:
    static constexpr std::size_t header_size = 5;

    int read_encrypted(char* into, std::size_t most, const Phase& phase);
    int hand_out(char* into, std::size_t most);
    int hand_on(char* into, std::size_t most);
    [[nodiscard]] bool passes_as_it_is() const;
    bool take_header(std::size_t most);
    bool check_header();
    bool take_record();
    bool rejoin();
    int refuse(std::string why);
    [[nodiscard]] std::uint8_t type() const { return static_cast<std::uint8_t>(header_[0]); }

    BytesView input_;
    std::array<char, header_size> header_{};
    std::size_t header_filled_ = 0;
    std::size_t body_left_ = 0;
    Bytes body_;       // plaintext phase: the record being gathered
    Bytes message_;    // handshake octets that do not make a whole message yet
    ByteQueue ready_;  // whole records for mbed TLS
    // Plaintext phase: what is left of a record that needs nothing done and goes on from header_ and input_.
    std::size_t header_to_hand_on_ = 0;
    std::size_t body_to_hand_on_ = 0;
    bool first_ = true;
    std::string fault_;
};

}  // namespace atls::tls
