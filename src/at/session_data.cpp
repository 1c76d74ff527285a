// Session: the data phases. Prompt and upload collect octets, download streams them, transparent mode is the socket's
// wire.
#include <algorithm>
#include <utility>

#include "at/session.hpp"
#include "at/unit.hpp"

namespace atls::at {

namespace {
constexpr char control_z = '\x1A';
constexpr char escape_key = '\x1B';
}  // namespace

EscapeDetector Session::detector() const {
    const Quirks& quirks = unit_.quirks;
    const auto ms = [](std::int64_t count) { return std::chrono::milliseconds(count); };
    EscapeDetector::Timing timing{
        ms(quirks.escape_before_ms), ms(quirks.escape_within_ms), ms(quirks.escape_after_ms), {}};
    if (quirks.escape_gap_ms > 0) timing.gap = ms(quirks.escape_gap_ms);
    return {timing, timers_.now()};
}

// --- collecting ---------------------------------------------------------------------------------------------------

void Session::begin(Collect collect) {
    if (collect.invite == Collect::Invite::prompt) {
        out_.append(line.line_end() + (collect.prompt_ends_line ? ">" + line.line_end() : "> "));
    } else if (collect.invite == Collect::Invite::connect) {
        put_result("CONNECT", 1);
    }
    Collecting collecting{std::move(collect), {}, {}, 0, {}, {}};
    if (collecting.want.escape) collecting.escape = detector();
    if (collecting.want.secret) collecting.got.data.reserve(collecting.want.limit);  // growing would leave copies
    set_mode(std::move(collecting));
    watch_collecting();
}

void Session::watch_collecting() {
    auto& collecting = std::get<Collecting>(mode_);
    if (collecting.want.idle) {
        collecting.idle = timers_.after(*collecting.want.idle, [this] { end_collecting(End::timed_out); });
    }
    if (!collecting.escape) return;
    const auto deadline = collecting.escape->deadline();
    if (!deadline) {
        collecting.guard.cancel();
        return;
    }
    collecting.guard = timers_.at(*deadline, [this] {
        auto& now = std::get<Collecting>(mode_);
        if (now.escape->expire(timers_.now()) == EscapeDetector::Verdict::escaped) {
            end_collecting(End::escaped);
        } else {
            payload(now, now.escape->take_held());
            if (now.got.data.size() >= now.want.limit) end_collecting(End::full);
            line_signals_.wake();
        }
    });
}

std::size_t Session::take_payload(Collecting& collecting, BytesView octets) {
    const BytesView room = octets.substr(0, collecting.want.limit - collecting.got.data.size());
    if (collecting.want.control_z) return take_until_control(collecting, room);
    if (collecting.escape) return take_with_escape(collecting, room);
    payload(collecting, room);
    if (collecting.got.data.size() == collecting.want.limit) {
        end_collecting(End::full);
    } else {
        watch_collecting();
    }
    return room.size();
}

std::size_t Session::take_until_control(Collecting& collecting, BytesView octets) {
    static constexpr char controls[] = {control_z, escape_key};
    const std::size_t at = octets.find_first_of(BytesView(controls, 2));
    const BytesView data = octets.substr(0, at);
    payload(collecting, data);
    if (at != BytesView::npos) {
        end_collecting(octets[at] == control_z ? End::terminated : End::cancelled);
        return data.size() + 1;
    }
    if (collecting.got.data.size() == collecting.want.limit) {
        end_collecting(End::full);
    } else {
        watch_collecting();
    }
    return data.size();
}

std::size_t Session::take_with_escape(Collecting& collecting, BytesView octets) {
    const auto step = collecting.escape->feed(octets, timers_.now());
    payload(collecting, step.released);
    const std::size_t room = collecting.want.limit - collecting.got.data.size();
    const BytesView data = step.data.substr(0, room);
    payload(collecting, data);
    // Held + that complete the announced size are data: the size ends the phase, not the escape.
    const std::size_t held = collecting.escape->held();
    if (held > 0 && collecting.got.data.size() + held >= collecting.want.limit) {
        payload(collecting, collecting.escape->take_held());
    }
    if (collecting.got.data.size() >= collecting.want.limit) {
        end_collecting(End::full);
    } else {
        watch_collecting();
    }
    return held > 0 ? octets.size() : data.size();
}

void Session::payload(Collecting& collecting, BytesView octets) {
    collecting.got.data.append(octets);
    if (collecting.want.echo && line.echo) out_.append(octets);
    const std::size_t every = collecting.want.acknowledge_every;
    if (every == 0) return;
    const std::size_t blocks = collecting.got.data.size() / every;
    out_.append(Bytes(blocks - collecting.acknowledged, 'A'));
    collecting.acknowledged = blocks;
}

void Session::end_collecting(End end) {
    auto collecting = std::move(std::get<Collecting>(mode_));
    collecting.idle.cancel();
    collecting.guard.cancel();
    collecting.got.end = end;
    resume(collecting.want.done(std::move(collecting.got)));
}

// --- streaming ----------------------------------------------------------------------------------------------------

void Session::begin(Stream stream) {
    put_result(stream.header, stream.header == "CONNECT" ? std::optional(1) : std::nullopt);
    Streaming streaming{std::move(stream), {}, {}};
    if (streaming.stream.escape) streaming.escape = detector();
    set_mode(std::move(streaming));
}

std::size_t Session::take_while_streaming(Streaming& streaming, BytesView octets) {
    if (!streaming.escape) return 0;
    streaming.escape->feed(octets, timers_.now());  // anything but an escape is dropped
    watch_streaming();
    return octets.size();
}

void Session::watch_streaming() {
    auto& streaming = std::get<Streaming>(mode_);
    const auto deadline = streaming.escape->deadline();
    if (!deadline) {
        streaming.guard.cancel();
        return;
    }
    streaming.guard = timers_.at(*deadline, [this] {
        auto& now = std::get<Streaming>(mode_);
        if (now.escape->expire(timers_.now()) == EscapeDetector::Verdict::escaped) {
            end_streaming(true);
        } else {
            now.escape->take_held();
        }
    });
}

void Session::end_streaming(bool escaped) {
    auto streaming = std::move(std::get<Streaming>(mode_));
    streaming.guard.cancel();
    resume(streaming.stream.done(escaped));
}

// --- transparent --------------------------------------------------------------------------------------------------

void Session::begin(EnterTransparent enter) {
    running_.reset();  // what stood behind it on the line cannot follow CONNECT
    put_result("CONNECT", 1);
    last_fault = modem::Fault::none;
    set_mode(Transparent{enter.socket, detector(), {}, 0, {}, {}});
    const auto info = unit_.modem.sockets.data_info(enter.socket);
    if (!info || info->state != modem::SocketState::connected) {
        modem::SocketClosed closed{enter.socket, id_};
        if (info) closed.kind = info->kind;
        std::get<Transparent>(mode_).ended = closed;
    }
    // The host went, or dropped DTR, before there was a data mode to leave.
    if (!dtr_) {
        dtr_ = true;
        set_dtr(false);
    }
    line_signals_.wake();
}

void Session::begin(const EnterMultiplexer& enter) {
    running_.reset();
    put_result("OK", 0);
    set_mode(Multiplexed{});
    unit_.multiplexer()->start(*this, enter.settings, [this] { line_signals_.wake(); });
    after_result([this] { apply_signals(); });
}

std::size_t Session::take_transparent(Transparent& transparent, BytesView octets) {
    if (transparent.ended) return octets.size();  // nobody is left to get it
    if (!push_released(transparent)) return 0;
    auto& sockets = unit_.modem.sockets;
    if (transparent.judged > 0) {
        const std::size_t taken = sockets.stream(transparent.socket, octets.substr(0, transparent.judged));
        transparent.judged -= taken;
        return taken;
    }
    const auto step = transparent.escape.feed(octets, timers_.now());
    watch_transparent();
    if (step.data.empty()) return octets.size();  // all held: it may be an escape
    transparent.released += step.released;
    const std::size_t taken = push_released(transparent) ? sockets.stream(transparent.socket, step.data) : 0;
    transparent.judged = step.data.size() - taken;
    return taken;
}

std::size_t Session::feed_before_drop(BytesView octets) {
    if (multiplexed()) return unit_.multiplexer()->feed(octets, true);
    auto* transparent = std::get_if<Transparent>(&mode_);
    if (transparent == nullptr || line.dtr_action == 0) return 0;
    transparent->released += transparent->escape.take_held();
    transparent->released += octets;
    transparent->judged = 0;
    unit_.modem.sockets.stream_all(transparent->socket, std::exchange(transparent->released, {}));
    return octets.size();
}

bool Session::push_released(Transparent& transparent) {
    if (transparent.released.empty()) return true;
    const std::size_t taken = unit_.modem.sockets.stream(transparent.socket, transparent.released);
    transparent.released.erase(0, taken);
    return transparent.released.empty();
}

void Session::watch_transparent() {
    auto& transparent = std::get<Transparent>(mode_);
    const auto deadline = transparent.escape.deadline();
    if (!deadline) {
        transparent.guard.cancel();
        return;
    }
    transparent.guard = timers_.at(*deadline, [this] {
        auto& now = std::get<Transparent>(mode_);
        if (now.escape.expire(timers_.now()) == EscapeDetector::Verdict::escaped) {
            leave_transparent();
        } else {
            now.released += now.escape.take_held();
            push_released(now);
        }
        line_signals_.wake();
    });
}

void Session::leave_transparent() {
    auto& transparent = std::get<Transparent>(mode_);
    const int socket = transparent.socket;
    if (transparent.ended) return carrier_lost(socket);
    // DTR may have ended it while + were held back.
    transparent.released += transparent.escape.take_held();
    unit_.modem.sockets.stream_all(socket, std::exchange(transparent.released, {}));
    const auto info = unit_.modem.sockets.info(socket);
    const auto& choose = unit_.dialect.mode_after_transparent;
    const auto mode = info && choose != nullptr ? choose(unit_, info->kind) : modem::AccessMode::buffer;
    unit_.modem.sockets.set_mode(socket, mode, id_);
    set_mode(Idle{});
    put_result("OK", 0);
    // Data that came meanwhile is now announced as in that mode.
    if (info && unit_.modem.sockets.readable(socket) > 0) {
        notify(modem::SocketReadable{socket, id_, info->kind, mode});
    }
}

}  // namespace atls::at
