// AT+QICFG of the EC200x and EC800x.
#include "dialects/lte/lte.hpp"
#include "dialects/lte/qicfg.hpp"

namespace atls::dialects::lte {

using namespace at;
using namespace qicfg;

namespace {

constexpr Flag mode{"mode"};
constexpr Flag accept{"accept"};
constexpr Flag closed{"closed"};
constexpr Flag recycle{"fast_recycle"};
constexpr Flag close_mode{"close_mode"};
constexpr Flag send_view{"send_view_mode"};
constexpr Flag format{"format"};
constexpr Int prompt_time{"timeout", 0, 120};
constexpr Flag pdp_mode{"pdpmode"};
constexpr Flag radio{"ratmode"};
constexpr Int retry_count = opt(Int{"counts", 2, 4});
constexpr Int retry_seconds = opt(Int{"retry_time", 2, 30});
constexpr Int idle = opt(Int{"idle_time", 1, 1800});
constexpr Int retransmissions{"retrans_cnt", 3, 12};
constexpr Int retransmit_period = opt(Int{"retrans_period", 5, 60});
constexpr Int channel{"connectID", 0, 11};
constexpr Int period = opt(Int{"period", 20, 65535});
constexpr Text sent_text = opt(Text{"msg_auto", 400});
constexpr Text ignored_text = opt(Text{"msg_ignore", 400});

constexpr Origin here = manual(ec200_manual, "2.4.1");
// The manual that names these defaults no keep-alive times.
constexpr Origin guessed = guess("default times");

Reply query_keep_alive(Call& c) {
    const TcpOptions& now = c.unit.state<TcpOptions>();
    return answer(c, now.keep_alive, now.keep_alive_idle, now.keep_alive_interval, now.keep_alive_probes);
}

Reply set_retransmission(Call& c) {
    TcpOptions& now = c.unit.state<TcpOptions>();
    now.retransmissions = c[retransmissions];
    if (c.has(retransmit_period)) now.retransmit_time = c[retransmit_period];
    now.patience_set = true;
    apply_care(c);
    return ok();
}

// --- pdp/retry
// --------------------------------------------------------------------------------------------------------

struct Seconds {
    std::int64_t least;
    std::int64_t most;
};
// Deactivation on 4G and 2G, activation on 4G and 2G.
constexpr Seconds allowed[] = {{2, 6}, {2, 8}, {5, 8}, {5, 30}};

std::size_t retry_index(Call& c) { return static_cast<std::size_t>(2 * c[pdp_mode] + c[radio]); }

// A network that answers at once never makes a module try again: kept and shown.
Reply set_retry(Call& c) {
    const Seconds& range = allowed[retry_index(c)];
    if (!c.has(retry_count) || !c.has(retry_seconds)) return fault(modem::Fault::bad_parameter);
    if (c[retry_seconds] < range.least || c[retry_seconds] > range.most) return fault(modem::Fault::bad_parameter);
    c.unit.state<TcpOptions>().retries[retry_index(c)] = {c[retry_count], c[retry_seconds]};
    return ok();
}

Reply query_retry(Call& c) {
    const auto& retry = c.unit.state<TcpOptions>().retries[retry_index(c)];
    return answer(c, c[pdp_mode], c[radio], retry.count, retry.seconds);
}

// --- send/auto, recv/ignore
// -------------------------------------------------------------------------------------------

Reply set_auto_send(Call& c) {
    const int id = c.number(channel);
    auto& all = c.unit.state<TcpOptions>().auto_sends;
    const auto before = all.find(id);
    const bool known = before != all.end();
    if (!c.has(period) || (!c.has(sent_text) && !known)) return fault(modem::Fault::bad_parameter);
    const std::string hex = c.has(sent_text) ? c[sent_text] : before->second.hex;
    const auto octets = from_hex(hex);
    if (!octets) return fault(modem::Fault::bad_parameter);
    all[id] = {c[period], hex};
    c.modem().sockets.send_every(id, std::chrono::seconds(c[period]), *octets);
    return ok();
}

Reply query_auto_send(Call& c) {
    const auto& all = c.unit.state<TcpOptions>().auto_sends;
    const auto found = all.find(c.number(channel));
    const TcpOptions::AutoSend now = found == all.end() ? TcpOptions::AutoSend{} : found->second;
    return info(line("+QICFG: ", quoted(c.key->name), ",", c[channel], ",", now.period, ",", quoted(now.hex)));
}

Reply set_ignored(Call& c) {
    const int id = c.number(channel);
    const auto octets = from_hex(c[ignored_text]);
    if (!octets) return fault(modem::Fault::bad_parameter);
    c.unit.state<TcpOptions>().ignored[id] = c[ignored_text];
    auto& ignored = c.modem().sockets.options.ignored;
    if (octets->empty()) {
        ignored.erase(id);
    } else {
        ignored[id] = *octets;
    }
    return ok();
}

Reply query_ignored(Call& c) {
    const auto& all = c.unit.state<TcpOptions>().ignored;
    const auto found = all.find(c.number(channel));
    const std::string now = found == all.end() ? "" : found->second;
    return info(line("+QICFG: ", quoted(c.key->name), ",", c[channel], ",", quoted(now)));
}

// --- the table
// --------------------------------------------------------------------------------------------------------

using Options = TcpOptions;
using modem::SocketOptions;

// In the manual's order. tcp/twrecycle and udp/sendmode have nothing to act on here: each send is one datagram, and the
// host's stack keeps its own books. They are kept and shown.
constexpr Key keys[] = {
    packet_size_key,
    packet_wait_key,
    formats_key,
    view_key,
    option_key<&Options::udp_send_mode, mode>("udp/sendmode", here),
    option_key<&SocketOptions::datagrams_as_stream, mode>("udp/readmode", here),
    option_key<&SocketOptions::accept_incoming, accept>("tcp/accept", here),
    option_key<&SocketOptions::close_with_peer, closed>("passiveclosed", here),
    option_key<&Options::quick_recycle, recycle>("tcp/twrecycle", here),
    option_key<&Options::report_closes, close_mode>("close/mode", here),
    {"pdp/retry", {&pdp_mode, &radio, &retry_count, &retry_seconds}, 2, set_retry, query_retry, here, false, nullptr},
    option_key<&Options::length_in_recv, length_shown>("recvind", here),
    option_key<&Options::report_sends, send_view>("sendinfo", here),
    keep_alive_key<idle>(query_keep_alive, guessed),
    {.name = "tcp/retranscfg",
     .params = {&retransmissions, &retransmit_period},
     .set = set_retransmission,
     .query = query_retransmission,
     .origin = here},
    {"send/auto", {&channel, &period, &sent_text}, 1, set_auto_send, query_auto_send, here, false, nullptr},
    {"recv/ignore", {&channel, &ignored_text}, 1, set_ignored, query_ignored, here, false, nullptr},
    option_key<&Options::prompt_format, format>("formatcfg", here),
    option_key<&Options::prompt_seconds, prompt_time>("qisend/timeout", here),
};

constexpr Command rows[] = {
    {.name = "+QICFG", .keys = keys, .errors = Errors::socket, .origin = here},
};

}  // namespace

std::span<const Command> ec200_option_commands() { return rows; }

void ec200_tcp_options(Unit& unit) {
    auto& options = unit.state<TcpOptions>();
    options.pauses_double = false;
    options.keep_alive_unit = std::chrono::seconds(1);
    options.retransmit_time = 6;
    options.keep_alive_idle = 1800;
    options.prompt_seconds = 5;
}

}  // namespace atls::dialects::lte
