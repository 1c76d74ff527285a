// Session: the host's presence, modes, events. Commands, data phases and output are in the files beside this one.
#include "at/session.hpp"

#include <algorithm>

#include "at/unit.hpp"

namespace atls::at {

Session::Session(Unit& unit, modem::PortId id, std::string name, Line& line_signals)
    : line(unit.dialect.factory),
      unit_(unit),
      id_(id),
      name_(std::move(name)),
      line_signals_(line_signals),
      timers_(unit.modem.timers),
      editor_(static_cast<std::size_t>(unit.quirks.longest_line)) {}

std::size_t Session::feed(BytesView octets) {
    std::size_t taken = 0;
    while (taken < octets.size() && out_.size() < most_unread_output) {
        const std::size_t now = take(octets.substr(taken));
        if (now == 0) break;
        taken += now;
    }
    return taken;
}

std::size_t Session::take(BytesView octets) {
    if (!unit_.modem.powered()) {
        line_just_ended_ = false;  // a line end is not carried over a restart
        return octets.size();
    }
    unit_.modem.sleeper.host_spoke();
    if (unit_.modem.sleeper.deaf()) {
        line_just_ended_ = false;
        editor_.reset();
        return octets.size();
    }
    if (std::holds_alternative<Wait>(mode_)) return 0;
    if (multiplexed()) return unit_.multiplexer()->feed(octets);
    if (!std::holds_alternative<Idle>(mode_) && drop_line_feed(octets)) return 1;
    if (auto* collecting = std::get_if<Collecting>(&mode_)) return take_payload(*collecting, octets);
    if (auto* streaming = std::get_if<Streaming>(&mode_)) return take_while_streaming(*streaming, octets);
    if (auto* transparent = std::get_if<Transparent>(&mode_)) return take_transparent(*transparent, octets);
    return take_command(octets);
}

std::size_t Session::take_command(BytesView octets) {
    if (line_just_ended_) {
        line_just_ended_ = false;
        sends_line_feed_ = octets.front() == '\n';
    }
    last_input_ = timers_.now();
    const LineEditor::Characters characters{static_cast<char>(line.terminator), static_cast<char>(line.backspace),
                                            unit_.quirks.line_feed_ends_line != 0};
    const auto step = editor_.feed(octets, characters);
    if (line.echo) out_.append(step.echo);
    switch (step.got) {
        case LineEditor::Got::nothing:
            break;
        case LineEditor::Got::repeat:
            run_line(last_line_);
            break;
        case LineEditor::Got::too_long:
            unit_.modem.log.write(Level::info, "at", "command line too long, nothing executed", {{"port", name_}});
            put_result("ERROR", 4);
            break;
        case LineEditor::Got::line:
            line_just_ended_ = true;
            last_line_ = editor_.body();
            run_line(last_line_);
            break;
    }
    return step.consumed;
}

bool Session::drop_line_feed(BytesView octets) {
    // Behind the CR of a data command: part of that host's line end, or the first octet of its data?
    if (!std::exchange(line_just_ended_, false)) return false;
    return octets.front() == '\n' && sends_line_feed_.value_or(true);
}

void Session::attach() {
    sends_line_feed_.reset();
    line_just_ended_ = false;
    editor_.reset();
    dtr_ = true;
    line_signals_.set_rate(static_cast<unsigned>(line.rate));
    apply_format();
    apply_signals();
    line_signals_.wake();
}

void Session::detach() {
    if (multiplexed()) {
        unit_.multiplexer()->stop();
        set_mode(Idle{});
    }
    set_dtr(false);
    editor_.reset();
    out_.clear();
}

void Session::set_dtr(bool on) {
    const bool dropped = dtr_ && !on;
    dtr_ = on;
    if (!dropped || line.dtr_action == 0) return;
    if (auto* transparent = std::get_if<Transparent>(&mode_)) {
        const int socket = transparent->socket;
        if (line.dtr_action == 2) {
            // &D2 ends the call; the close itself needs no answer here.
            unit_.modem.sockets.set_mode(socket, modem::AccessMode::buffer, id_);
            carrier_lost(socket);
            unit_.modem.sockets.close(socket, std::chrono::seconds(0));
        } else {
            leave_transparent();
        }
    } else if (auto* collecting = std::get_if<Collecting>(&mode_); collecting != nullptr && collecting->escape) {
        end_collecting(End::escaped);
    } else if (auto* streaming = std::get_if<Streaming>(&mode_); streaming != nullptr && streaming->escape) {
        end_streaming(true);
    }
    line_signals_.wake();
}

bool Session::in_data_mode() const { return std::holds_alternative<Transparent>(mode_); }

bool Session::in_data_phase() const {
    return !std::holds_alternative<Idle>(mode_) && !std::holds_alternative<Wait>(mode_) && !multiplexed();
}

void Session::set_mode(Mode mode) {
    const bool was_data = in_data_mode();
    if (in_data_phase()) editor_.after_payload();
    mode_ = std::move(mode);
    if (was_data != in_data_mode() && line.carrier_follows == 1) line_signals_.set_dcd(in_data_mode());
}

bool Session::offer(const modem::Event& event) {
    if (const auto* data = std::get_if<modem::HttpData>(&event); data != nullptr && data->port == id_) {
        line_signals_.wake();
        return true;
    }
    auto* waiting = std::get_if<Wait>(&mode_);
    if (waiting == nullptr) return false;
    auto reply = waiting->on_event(event);
    if (!reply) return false;
    resume(std::move(*reply));
    return true;
}

void Session::notify(const modem::Event& event) {
    if (auto* transparent = std::get_if<Transparent>(&mode_)) {
        const auto* closed = std::get_if<modem::SocketClosed>(&event);
        const auto* readable = std::get_if<modem::SocketReadable>(&event);
        const auto* writable = std::get_if<modem::SocketWritable>(&event);
        const bool mine = (closed != nullptr && closed->id == transparent->socket) ||
                          (readable != nullptr && readable->id == transparent->socket) ||
                          (writable != nullptr && writable->id == transparent->socket);
        if (mine) {
            if (closed != nullptr) transparent->ended = *closed;
            if (writable != nullptr) push_released(*transparent);
            line_signals_.wake();
            return;
        }
    }
    for (const auto& queued : urcs_) {
        if (same_subject(queued, event)) return;
    }
    urcs_.push_back(event);
    line_signals_.wake();
}

void Session::forget_socket(int id) {
    std::erase_if(urcs_, [id](const modem::Event& queued) { return gone_with_socket(queued, id); });
}

void Session::carrier_lost(int socket) {
    const auto* transparent = std::get_if<Transparent>(&mode_);
    if (transparent == nullptr || transparent->socket != socket) return;
    const auto ended = transparent->ended;
    set_mode(Idle{});
    if (ended && !ended->by_context && unit_.dialect.close_is_urc_in_transparent) {
        urcs_.push_front(*ended);
    } else {
        put_result("NO CARRIER", 3);
    }
    line_signals_.wake();
}

void Session::leave_multiplexer() {
    set_mode(Idle{});
    apply_signals();
    line_signals_.wake();
}

void Session::apply_format() {
    const LineProfile& factory = unit_.dialect.factory;
    const bool own = line.format == factory.format && line.parity == factory.parity;
    line_signals_.set_format(own ? 0 : line.format, own ? 0 : line.parity);
}

void Session::apply_signals() {
    // Frames have any octet.
    constexpr int software = 1;
    const auto flow = [this](int asked) { return multiplexed() && asked == software ? 0 : asked; };
    line_signals_.set_flow(flow(line.flow_in), flow(line.flow_out));
    line_signals_.set_dcd(line.carrier_follows == 0 || in_data_mode());
}

bool Session::name_rate(std::int64_t rate) {
    const auto known = unit_.dialect.rates;
    if (std::find(known.begin(), known.end(), rate) == known.end()) return false;
    named_rate_ = rate;
    start_profile();
    return true;
}

void Session::start_profile() {
    line = unit_.dialect.factory;
    // Autobaud finds it by itself.
    if (named_rate_ != 0 && line.rate != 0) line.rate = named_rate_;
    for (const auto load : unit_.dialect.restore_port) load(unit_, *this);
}

void Session::power_back() {
    start_profile();
    after_result([this] {
        line_signals_.set_rate(static_cast<unsigned>(line.rate));
        apply_format();
        apply_signals();
    });
}

void Session::power_lost() {
    if (multiplexed()) unit_.multiplexer()->stop();
    set_mode(Idle{});
    running_.reset();
    urcs_.clear();
    editor_.reset();
    last_fault = modem::Fault::none;
}

}  // namespace atls::at
