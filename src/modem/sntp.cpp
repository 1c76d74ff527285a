#include "modem/sntp.hpp"

namespace atls::modem {

namespace {

constexpr std::size_t packet_octets = 48;
constexpr std::size_t originate_at = 24;
constexpr std::size_t transmit_at = 40;

constexpr unsigned version = 4;
constexpr unsigned client_mode = 3;
constexpr unsigned server_mode = 4;
constexpr unsigned clock_unsynchronised = 3;
constexpr unsigned highest_stratum = 15;

// 1900-01-01, where NTP begins to count, before 1970-01-01.
constexpr std::int64_t seconds_1900_to_1970 = 2208988800;
constexpr std::int64_t era_seconds = std::int64_t{1} << 32U;

std::uint64_t read_64(BytesView octets, std::size_t at) {
    std::uint64_t value = 0;
    for (const char c : octets.substr(at, 8)) value = value << 8U | static_cast<unsigned char>(c);
    return value;
}

}  // namespace

Bytes sntp_request(std::uint64_t nonce) {
    Bytes packet(packet_octets, '\0');
    packet[0] = static_cast<char>(version << 3U | client_mode);
    for (std::size_t i = 0; i < 8; ++i) packet[transmit_at + i] = static_cast<char>(nonce >> (56U - 8U * i) & 255U);
    return packet;
}

Result<WallTime, std::string> sntp_answer(BytesView packet, std::uint64_t nonce) {
    if (packet.size() < packet_octets) return std::string("answer too short");
    const auto first = static_cast<unsigned char>(packet[0]);
    const auto stratum = static_cast<unsigned char>(packet[1]);
    if ((first & 7U) != server_mode) return std::string("not a server's answer");
    if (read_64(packet, originate_at) != nonce) return std::string("answer to another request");
    if (stratum == 0) return "server refuses: " + printable(packet.substr(12, 4));  // kiss-o'-death, clause 8
    if (first >> 6U == clock_unsynchronised || stratum > highest_stratum) {
        return std::string("server has no time itself");
    }
    const std::uint64_t stamp = read_64(packet, transmit_at);
    if (stamp == 0) return std::string("answer without a time");
    auto seconds = static_cast<std::int64_t>(stamp >> 32U);
    // Clause 3: with the highest bit set the time is in 1968-2036, without it in 2036-2104.
    if (seconds < era_seconds / 2) seconds += era_seconds;
    const bool round_up = (stamp & 0x80000000U) != 0;
    return WallTime{std::chrono::seconds{seconds - seconds_1900_to_1970 + (round_up ? 1 : 0)}};
}

}  // namespace atls::modem
