// A modem on a fake network and the virtual clock, and everything it said.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "modem/modem.hpp"
#include "support/fake_files.hpp"
#include "support/fake_net.hpp"
#include "support/memory_log.hpp"
#include "tls/suites.hpp"

namespace atls::modem {

using namespace std::chrono_literals;

class Recorder final : public EventSink {
public:
    void on_event(const Event& event) override {
        events.push_back(event);
        if (react) react(event);
    }
    /// All of one kind so far, forgetting them.
    template <class E>
    std::vector<E> take() {
        std::vector<E> found;
        std::erase_if(events, [&](const Event& event) {
            const auto* wanted = std::get_if<E>(&event);
            if (wanted != nullptr) found.push_back(*wanted);
            return wanted != nullptr;
        });
        return found;
    }

    std::vector<Event> events;
    std::function<void(const Event&)> react;
};

inline Profile test_profile() {
    Profile profile;
    for (const tls::Suite& suite : tls::all_suites()) {
        (suite.key_exchange == tls::KeyExchange::psk ? profile.psk_suites : profile.suites).push_back(suite.number);
    }
    return profile;
}

inline WallTime day(int year, unsigned month, unsigned of_month) {
    return std::chrono::sys_days{std::chrono::year{year} / static_cast<int>(month) / static_cast<int>(of_month)};
}

/// Context 1 is active; echo.example:7 echoes over TCP and UDP.
struct Device {
    explicit Device(Profile profile = test_profile())
        : modem({std::move(profile), identity_from(1), day(2025, 6, 1), 8}, {net, ufs, nv, timers, log}) {
        modem.listen(&events);
        modem.contexts.activate(1);
        net.serve_echo("echo.example", 7, Transport::tcp);
        net.serve_echo("echo.example", 7, Transport::udp);
        settle();
        events.events.clear();
    }

    void settle() { timers.advance(timers.now()); }
    void pass(Duration time) { timers.advance(timers.now() + time); }

    void begin(int id, OpenRequest request = {}) {
        request.id = id;
        if (request.host.empty()) request.host = "echo.example";
        if (request.port == 0) request.port = 7;
        modem.sockets.open(request);
    }
    /// Opens and returns the outcome, the one event that must have come.
    Fault open(int id, OpenRequest request = {}) {
        begin(id, std::move(request));
        EXPECT_TRUE(events.take<SocketOpened>().empty()) << "from inside the call";
        settle();
        const auto opened = events.take<SocketOpened>();
        EXPECT_EQ(opened.size(), 1U);
        return opened.empty() ? Fault::unknown : opened.front().fault;
    }
    std::string send(int id, BytesView octets) {
        const auto result = modem.sockets.send(id, octets);
        settle();
        switch (result.outcome) {
            case Sockets::Sent::all:
                return "all";
            case Sockets::Sent::no_room:
                return "no room";
            case Sockets::Sent::fault:
                return std::string(name_of(result.fault));
        }
        return "";
    }
    int state(int id) {
        const auto info = modem.sockets.info(id);
        return info ? static_cast<int>(info->state) : -1;
    }
    std::size_t readable_events() { return events.take<SocketReadable>().size(); }
    std::size_t closed_events() { return events.take<SocketClosed>().size(); }
    std::size_t closed_here_events() { return events.take<SocketClosedHere>().size(); }

    Timers timers;
    test::FakeNet net{timers};
    test::FakeFiles ufs;
    test::FakeFiles nv;
    test::MemoryLog log;
    Recorder events;
    Modem modem;
};

}  // namespace atls::modem
