// A host's side of telnet, as little as a test needs: data escaped and found again, options sent and passed over.
#pragma once

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
                if (c == iac) state_ = State::suboption_command;
                break;
            case State::suboption_command:
                state_ = c == end ? State::data : State::suboption;
                break;
        }
    }

    enum class State { data, command, option, suboption, suboption_command };
    State state_ = State::data;
};

}  // namespace atls::test
