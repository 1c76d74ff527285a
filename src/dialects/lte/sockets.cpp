// What TCP, UDP and SSL sockets of the LTE families have in common on the wire.
#include "at/unit.hpp"
#include "dialects/lte/lte.hpp"
#include "dialects/lte/tcp_options.hpp"

namespace atls::dialects::lte {

using namespace at;

namespace {

/// A send whose payload is being collected.
struct Send {
    Session& session;
    Unit& unit;
    int id;
    std::optional<modem::Endpoint> to;
};

// With sendinfo the words become OK and a line of their own behind it: a driver reads it so.
Reply reported(const Send& send, bool taken, std::size_t octets) {
    send.session.notify(modem::SocketSent{send.id, send.session.id(), taken, octets});
    return ok();
}

Reply sent(const Send& send, const Bytes& payload) {
    auto& sockets = send.unit.modem.sockets;
    const bool report = send.unit.state<TcpOptions>().report_sends;
    const auto result = send.to ? sockets.send_to(send.id, *send.to, payload) : sockets.send(send.id, payload);
    switch (result.outcome) {
        case modem::Sockets::Sent::all:
            return report ? reported(send, true, payload.size()) : words("SEND OK");
        case modem::Sockets::Sent::no_room:
            return report ? reported(send, false, sockets.room(send.id)) : failed_words("SEND FAIL");
        case modem::Sockets::Sent::fault:
            // It could be sent to when the prompt was shown, so it was lost since.
            return fault(modem::Fault::write_failed);
    }
    return error();
}

}  // namespace

modem::Fault reachable(Call& call, int id) {
    const auto holder = call.modem().sockets.held_by(id);
    return holder && *holder != call.port() ? modem::Fault::not_allowed : modem::Fault::none;
}

Reply close_socket(Call& call, int id, std::chrono::milliseconds timeout, bool by_urc) {
    const auto holder = call.modem().sockets.held_by(id);
    if (holder && *holder != call.port()) call.unit.port(*holder)->carrier_lost(id);
    if (by_urc) {
        call.modem().sockets.close(id, timeout, call.port());
        return ok();
    }
    call.modem().sockets.close(id, timeout);
    return when<modem::SocketClosedHere>([id](const auto& closed) { return closed.id == id; },
                                         [](const auto&) { return ok(); });
}

Reply open_socket(Call& call, const modem::OpenRequest& request) {
    call.modem().sockets.open(request);
    // A listener in transparent mode has nobody to be connected to yet: its callers are, one by one.
    const bool listens = request.kind == modem::SocketKind::tcp_listener;
    if (request.mode != modem::AccessMode::transparent || listens) return ok();
    return when<modem::SocketOpened>(
        [id = request.id, port = request.owner](const auto& opened) { return opened.id == id && opened.port == port; },
        [](const auto& opened) {
            return opened.fault == modem::Fault::none ? Reply(EnterTransparent{opened.id}) : fault(opened.fault);
        });
}

Reply send_payload(Call& call, int id, std::optional<std::int64_t> length, bool echo, Prompt prompt) {
    const auto blocked = reachable(call, id);
    if (blocked != modem::Fault::none) return fault(blocked);
    const auto& sockets = call.modem().sockets;
    const auto unfit = prompt.to ? sockets.can_send_to(id) : sockets.can_send(id);
    if (unfit != modem::Fault::none) return fault(unfit);

    Collect collect;
    collect.limit = static_cast<std::size_t>(length.value_or(send_octets));
    collect.control_z = !length.has_value();
    collect.echo = echo;
    collect.idle = prompt.idle;
    collect.prompt_ends_line = prompt.ends_line;
    const bool hex = call.unit.state<TcpOptions>().send_hex;
    collect.done = [send = Send{call.session, call.unit, id, std::move(prompt.to)}, hex](Collected got) {
        if (got.end == End::cancelled) return ok();
        if (got.end == End::timed_out) return fault(modem::Fault::timed_out);
        if (!hex) return sent(send, got.data);
        const auto octets = from_hex(got.data);
        return octets ? sent(send, *octets) : fault(modem::Fault::bad_parameter);
    };
    return collect;
}

UrcTexts received_urc(const modem::SocketReadable& event, Unit& unit, std::string_view name) {
    auto& sockets = unit.modem.sockets;
    const auto& options = unit.state<TcpOptions>();
    const auto info = sockets.info(event.id);
    if (!info || info->mode == modem::AccessMode::transparent) return {};
    const std::string start = line(name, ": \"recv\",", event.id);
    if (info->mode == modem::AccessMode::buffer) {
        const std::size_t unread = sockets.readable(event.id);
        if (unread == 0) return {};  // read meanwhile
        // A length announces pushed data to those who read SSL URCs; the manual gives recvind to TCP and UDP only.
        const bool with_length = options.length_in_recv && info->kind != modem::SocketKind::tls;
        return urc(with_length ? line(start, ",", unread) : start);
    }
    const auto from = sockets.sender(event.id);
    const Bytes data = sockets.read(event.id, push_octets);
    if (data.empty()) return {};
    const std::string sender = from ? line(",", quoted(from->ip), ",", from->port) : "";
    const std::string head = line(start, ",", data.size(), sender);
    const bool more = sockets.readable(event.id) > 0;
    const std::string body = options.receive_hex ? to_hex(data) : data;
    if (options.comma_before_data) return {UrcText{line(head, ",", body), {}, more}};
    return {UrcText{head, body, more}};
}

}  // namespace atls::dialects::lte
