// One AT port: command, waiting, collecting (prompt and upload), streaming and transparent modes. Pure: octets and time
// in, octets out, back-pressure both ways.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "at/call.hpp"
#include "at/escape.hpp"
#include "at/line.hpp"
#include "at/line_editor.hpp"
#include "at/line_profile.hpp"
#include "at/reply.hpp"
#include "at/tokenizer.hpp"
#include "base/bytes.hpp"
#include "base/timers.hpp"

namespace atls::at {

class Unit;

class Session {
public:
    Session(Unit& unit, modem::PortId id, std::string name, Line& line);
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    [[nodiscard]] modem::PortId id() const { return id_; }
    [[nodiscard]] const std::string& name() const { return name_; }

    // --- the host's side ------------------------------------------------------------------------------------------
    /// Takes octets from the host; fewer than given means: offer the rest again after Line::wake().
    std::size_t feed(BytesView octets);
    /// DTR goes off behind octets that feed() has just refused. Those of a transparent connection are taken, room or
    /// not: a peer that reads nothing must not keep the host from its way out.
    std::size_t feed_before_drop(BytesView octets);
    /// What is to go to the host now; valid until the next call that is not const.
    [[nodiscard]] BytesView output();
    void output_sent(std::size_t count);
    void attach();  ///< a host connected: nothing is known of it
    void detach();  ///< the host went; as if it dropped DTR
    void set_dtr(bool on);
    [[nodiscard]] bool in_data_mode() const;   ///< transparent: DCD is on
    [[nodiscard]] bool in_data_phase() const;  ///< any mode in which the host's octets are not commands

    // --- the modem's side -----------------------------------------------------------------------------------------
    /// To a command that waits; true: it was what it waited for.
    bool offer(const modem::Event& event);
    /// To be shown as a URC, or acted on in transparent mode.
    void notify(const modem::Event& event);
    /// The host's close of a socket is complete: URCs of what happened to it before have no subject any more.
    void forget_socket(int id);
    /// The modem lost its power: whatever was under way is gone.
    void power_lost();
    /// The module's own settings, with what it has stored of them.
    void start_profile();
    /// It has it again: what it stored holds, on the line too.
    void power_back();
    /// Gives up the transparent connection because another port closed it.
    void carrier_lost(int socket);
    /// The multiplexer on this port has ended.
    void leave_multiplexer();
    [[nodiscard]] bool multiplexed() const { return std::holds_alternative<Multiplexed>(mode_); }

    // --- for handlers ---------------------------------------------------------------------------------------------
    LineProfile line;
    modem::Fault last_fault = modem::Fault::none;  ///< what AT+QIGETERROR reports, per port
    /// Gives the port's signals what the profile says: flow control, DCD.
    void apply_signals();
    /// What AT+ICF said; the factory's is the line's own.
    void apply_format();
    /// The rate of a module that starts anew, if it has stored none; as who built the line knows it. False: a module
    /// without such a rate.
    bool name_rate(std::int64_t rate);
    /// After the OK has left. 0, autobaud, changes nothing.
    void set_rate_after_result(unsigned rate) {
        if (rate != 0) new_rate_ = rate;
    }
    void after_result(std::function<void()> action) { after_result_ = std::move(action); }

private:
    struct Idle {};
    struct Collecting {
        Collect want;
        Collected got;
        std::optional<EscapeDetector> escape;
        std::size_t acknowledged = 0;
        Timers::Handle idle;
        Timers::Handle guard;
    };
    struct Streaming {
        Stream stream;
        std::optional<EscapeDetector> escape;
        Timers::Handle guard;
    };
    struct Transparent {
        int socket = 0;
        EscapeDetector escape;
        Bytes released;                            ///< refused + that the socket has not taken yet
        std::size_t judged = 0;                    ///< so many of the octets offered next are known to be data
        std::optional<modem::SocketClosed> ended;  ///< the peer closed; told once everything was read
        Timers::Handle guard;
    };
    /// Input waits while so much output does: a host that does not read is not read from.
    static constexpr std::size_t most_unread_output = 65536;
    /// The multiplexer's frames: Unit has it.
    struct Multiplexed {};
    using Mode = std::variant<Idle, Wait, Collecting, Streaming, Transparent, Multiplexed>;

    // Input, by mode: each takes a prefix of the octets and returns its length.
    std::size_t take(BytesView octets);
    std::size_t take_command(BytesView octets);
    std::size_t take_payload(Collecting& collecting, BytesView octets);
    std::size_t take_until_control(Collecting& collecting, BytesView octets);
    std::size_t take_with_escape(Collecting& collecting, BytesView octets);
    std::size_t take_while_streaming(Streaming& streaming, BytesView octets);
    std::size_t take_transparent(Transparent& transparent, BytesView octets);
    bool drop_line_feed(BytesView octets);

    // Command lines.
    void run_line(const std::string& body);
    void continue_line();
    Reply execute(const Parsed& parsed);
    Reply refuse(const Unreadable& unreadable);
    Reply execute_keyed(Call& call, const Parsed& parsed);
    Reply answer_test(Call& call);
    Reply bad_parameter(const Command& row) const;
    bool apply(Reply reply);
    void resume(Reply reply);
    void finish(const Final& final);
    void note_outcome(const Final& final);

    // Modes.
    void begin(Collect collect);
    void begin(Stream stream);
    void begin(EnterTransparent enter);
    void begin(const EnterMultiplexer& enter);
    void end_collecting(End end);
    void end_streaming(bool escaped);
    void leave_transparent();
    void payload(Collecting& collecting, BytesView octets);
    [[nodiscard]] EscapeDetector detector() const;
    void watch_collecting();
    void watch_streaming();
    void watch_transparent();
    bool push_released(Transparent& transparent);

    // Output.
    void fill();
    void all_sent();
    bool produce();
    bool show_next_urc();
    bool may_show_urc();
    void ring();
    void put_info(const std::vector<std::string>& lines);
    void put_result(const std::string& words, std::optional<int> numeric);
    [[nodiscard]] std::string cme_words(int code) const;
    Reply counted(const std::string& entry, Reply reply);
    void used(const std::string& entry);
    void set_mode(Mode mode);

    Unit& unit_;
    modem::PortId id_;
    std::string name_;
    Line& line_signals_;
    Timers& timers_;

    Mode mode_;
    LineEditor editor_;
    std::string last_line_;
    std::optional<CommandLine> running_;
    const Command* current_ = nullptr;
    Final last_final_;
    ByteQueue out_;
    std::deque<modem::Event> urcs_;
    std::optional<bool> sends_line_feed_;  ///< LF follows its CR; unset before the second line
    bool line_just_ended_ = false;
    Time last_input_;
    Timers::Handle urc_hold_;
    Timers::Handle ring_ends_;
    std::optional<unsigned> new_rate_;
    std::function<void()> after_result_;
    std::int64_t named_rate_ = 0;
    bool dtr_ = true;
};

}  // namespace atls::at
