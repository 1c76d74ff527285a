#include "app/clockwork.hpp"

#include <gtest/gtest.h>

#include "app/timed_net.hpp"

namespace atls::app {
namespace {

constexpr Duration generous = std::chrono::seconds(30);

TEST(Clockwork, WakesTheLoopForTimers) {
    loop::Loop loop;
    Clockwork clockwork(loop);
    bool rang = false;
    Timers::Handle handle;
    {
        const Clockwork::Entry entry(clockwork);
        handle = clockwork.timers().after(std::chrono::milliseconds(5), [&rang] { rang = true; });
    }
    EXPECT_TRUE(loop.run_until([&rang] { return rang; }, generous));
}

TEST(Clockwork, RunsTheNextTurnWhenTheOutermostCallEnds) {
    loop::Loop loop;
    Clockwork clockwork(loop);
    bool ran = false;
    Timers::Handle handle;
    {
        const Clockwork::Entry outer(clockwork);
        {
            const Clockwork::Entry inner(clockwork);
            handle = clockwork.timers().after(Duration(0), [&ran] { ran = true; });
        }
        EXPECT_FALSE(ran);
    }
    EXPECT_TRUE(ran);
}

TEST(Clockwork, TimeIsNeverOldInside) {
    loop::Loop loop;
    Clockwork clockwork(loop);
    loop.run_until([] { return false; }, std::chrono::milliseconds(5));
    const Time before = loop.now();
    const Clockwork::Entry entry(clockwork);
    EXPECT_GE(clockwork.timers().now(), before);
}

/// Hands out one connection and lets the test play the network.
class OneConnection final : public modem::Net {
public:
    class Inner final : public modem::Connection {
    public:
        explicit Inner(int& alive) : alive_(alive) { ++alive_; }
        ~Inner() override { --alive_; }
        std::size_t write(BytesView octets) override { return octets.size(); }
        ReadResult read(std::span<char>) override { return {}; }
        void shut_down() override {}
        void reset() override {}
        [[nodiscard]] modem::Endpoint local() const override { return {"127.0.0.1", 1}; }

    private:
        int& alive_;
    };
    std::unique_ptr<modem::Connection> connect(modem::Transport, const modem::Endpoint&, std::uint16_t,
                                               modem::ConnectionUser& user) override {
        heard = &user;
        return std::make_unique<Inner>(alive);
    }
    Result<std::unique_ptr<modem::Listener>, modem::NetFailure> listen(const modem::Endpoint&,
                                                                       modem::ListenerUser&) override {
        return modem::NetFailure{};
    }
    Result<std::unique_ptr<modem::DatagramSocket>, modem::NetFailure> bind(const modem::Endpoint&,
                                                                           modem::DatagramUser&) override {
        return modem::NetFailure{};
    }
    std::unique_ptr<modem::Operation> resolve(
        const std::string&, const std::vector<std::string>&,
        std::function<void(Result<modem::Resolved, modem::NetFailure>)> done) override {
        resolved = std::move(done);
        return std::make_unique<modem::Operation>();
    }
    std::unique_ptr<modem::Operation> ping(const std::string&, std::size_t, Duration,
                                           std::function<void(Result<modem::PingEcho, modem::NetFailure>)>) override {
        return {};
    }

    modem::ConnectionUser* heard = nullptr;
    std::function<void(Result<modem::Resolved, modem::NetFailure>)> resolved;
    int alive = 0;
};

/// Drops its connection whatever it hears, and puts something off to the next turn.
class Dropper final : public modem::ConnectionUser {
public:
    explicit Dropper(Timers& timers) : timers_(timers) {}
    void on_connected() override { drop(); }
    void on_connect_failed(const modem::NetFailure&) override { drop(); }
    void on_readable() override { drop(); }
    void on_writable() override { drop(); }
    void on_broken(const modem::NetFailure&) override { drop(); }

    std::unique_ptr<modem::Connection> connection;
    bool next_turn_came = false;

private:
    void drop() {
        connection.reset();
        later_ = timers_.after(Duration(0), [this] { next_turn_came = true; });
    }
    Timers& timers_;
    Timers::Handle later_;
};

TEST(TimedNet, OutcomesEnterThroughTheClockwork) {
    loop::Loop loop;
    Clockwork clockwork(loop);
    OneConnection real;
    TimedNet net(real, clockwork);
    const std::function<void(modem::ConnectionUser&)> outcomes[] = {
        [](modem::ConnectionUser& user) { user.on_connected(); },
        [](modem::ConnectionUser& user) { user.on_connect_failed({}); },
        [](modem::ConnectionUser& user) { user.on_readable(); },
        [](modem::ConnectionUser& user) { user.on_writable(); },
        [](modem::ConnectionUser& user) { user.on_broken({}); },
    };
    for (const auto& outcome : outcomes) {
        Dropper user(clockwork.timers());
        user.connection = net.connect(modem::Transport::tcp, {"127.0.0.1", 7}, 0, user);
        EXPECT_EQ(user.connection->local().port, 1);
        EXPECT_EQ(user.connection->write("abc"), 3U);
        outcome(*real.heard);
        EXPECT_EQ(real.alive, 0);
        EXPECT_TRUE(user.next_turn_came);
    }
}

TEST(TimedNet, ACallbackMayDropItsOperation) {
    loop::Loop loop;
    Clockwork clockwork(loop);
    OneConnection real;
    TimedNet net(real, clockwork);
    std::string got;
    auto operation = net.resolve("a", {}, [&](const Result<modem::Resolved, modem::NetFailure>& outcome) {
        real.resolved = nullptr;  // with all it holds
        got = outcome->addresses.at(0);
    });
    real.resolved(modem::Resolved{{"127.0.0.1"}, 1});
    EXPECT_EQ(got, "127.0.0.1");
}

}  // namespace
}  // namespace atls::app
