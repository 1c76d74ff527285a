// A host's side of telnet, as little as a test needs: data escaped and found again, options sent and passed over.
#pragma once

#include <utility>

#include "base/bytes.hpp"

namespace atls::test {

class TelnetSpeech {
public:
    static constexpr char iac = '\xFF';

    /// RFC 854: an IAC in data is doubled.
    static Bytes escaped(BytesView octets) {
        Bytes all;
        for (const char c : octets) all.append(c == iac ? 2 : 1, c);
        return all;
    }
    /// A subnegotiation of COM-PORT-OPTION.
    static Bytes asking(BytesView request) {
        return Bytes{iac, '\xFA', '\x2C'} + escaped(request) + Bytes{iac, '\xF0'};
    }

    /// The server has asked for our COM-PORT-OPTION: what a client answers, and sets off with.
    static Bytes willing() { return Bytes{iac, '\xFB', '\x2C'}; }
    // As the server's last NOTIFY-MODEMSTATE had them.
    [[nodiscard]] bool dcd() const { return (modem_state_ & 0x80U) != 0; }
    [[nodiscard]] bool ring() const { return (modem_state_ & 0x40U) != 0; }

    /// The data among `octets`, in pieces of any length.
    Bytes data_of(BytesView octets) {
        Bytes data;
        for (const char c : octets) take(c, data);
        return data;
    }

private:
    // IAC IAC is data; IAC SB … IAC SE and IAC WILL option are not.
    void take(char c, Bytes& data) {
        constexpr char begin = '\xFA';
        constexpr char end = '\xF0';
        constexpr unsigned char first_with_option = 0xFB;
        switch (state_) {
            case State::data:
                if (c == iac) {
                    state_ = State::command;
                } else {
                    data.push_back(c);
                }
                break;
            case State::command:
                state_ = State::data;
                if (c == iac) {
                    data.push_back(c);
                } else if (c == begin) {
                    state_ = State::suboption;
                } else if (static_cast<unsigned char>(c) >= first_with_option) {
                    state_ = State::option;
                }
                break;
            case State::option:
                state_ = State::data;
                break;
            case State::suboption:
                if (c == iac) {
                    state_ = State::suboption_command;
                } else {
                    suboption_.push_back(c);
                }
                break;
            case State::suboption_command:
                if (c == end) {
                    state_ = State::data;
                    heard(std::exchange(suboption_, {}));
                } else {
                    state_ = State::suboption;
                    suboption_.push_back(c);
                }
                break;
        }
    }

    void heard(const Bytes& suboption) {
        constexpr char notify_modemstate = 107;
        if (suboption.size() == 3 && suboption[1] == notify_modemstate) {
            modem_state_ = static_cast<unsigned char>(suboption[2]);
        }
    }

    enum class State { data, command, option, suboption, suboption_command };
    State state_ = State::data;
    Bytes suboption_;
    unsigned modem_state_ = 0;
};

}  // namespace atls::test
