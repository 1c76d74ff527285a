// A person, or a script, at an AT port: lines go in when the port can take them, what the modem sends is shown.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "app/machine.hpp"

namespace atls::app {

class Dialogue final : private at::Line {
public:
    /// `hide_echo`: the typed line is on the screen already, the modem's echo of it is not shown.
    Dialogue(Machine& machine, std::string port, bool hide_echo, std::function<void(BytesView)> show);
    Dialogue(const Dialogue&) = delete;
    Dialogue& operator=(const Dialogue&) = delete;

    /// A line and Enter. Lines wait for the command before them. "!verb" goes to control, "!wait TEXT [SECONDS]" holds
    /// the next line until the modem has sent TEXT, "!!" begins a line with a "!" that is data. In a data phase a line
    /// ends with CR LF, and "+++" alone is sent with its silences.
    void line(std::string text);
    /// Text and a key that ends it without Enter: 1A, 1B.
    void keys(std::string text);
    /// Nothing is left to send, and nothing is under way that would still say something.
    [[nodiscard]] bool finished();
    [[nodiscard]] std::size_t waiting() const { return queue_.size(); }
    [[nodiscard]] const at::Session& session() const { return session_; }
    /// A verb was refused, or what was waited for did not come.
    [[nodiscard]] bool failed() const { return failed_; }

    std::function<void(std::string_view)> say;  ///< the console's own words, whole lines
    std::function<void()> on_turn;              ///< something happened: finished() may have changed

private:
    struct Item {
        std::string text;
        bool is_keys = false;
        bool begun = false;  ///< some of it is sent: the rest is what it was
    };
    struct Awaited {
        std::string text;
        Timers::Handle limit;
    };

    void wake() override { soon_.call(); }
    void turn();
    void drain();
    bool send_next();
    bool send_octets(Item& item);
    bool control(const std::string& verb);
    void await(std::string_view arguments);
    bool send_escape();
    bool is_escape(const Item& item) const;
    void hold_until(Time when);

    Machine& machine_;
    bool hide_echo_;
    std::function<void(BytesView)> show_;
    loop::Soon soon_;
    std::deque<Item> queue_;
    std::string hidden_echo_;  ///< expected at the front of the output
    std::string since_line_;   ///< what came since the last line was sent: for !wait
    std::optional<Awaited> awaited_;
    std::optional<Time> escape_decided_;  ///< +++ was sent; nothing follows before this
    Time last_sent_{};
    Timers::Handle hold_;
    bool failed_ = false;
    at::Session& session_;
};

}  // namespace atls::app
