// The inner life of Errands: each kind of errand as one object from request to outcome.
#pragma once

#include <string>

#include "modem/errands.hpp"

namespace atls::modem {

class Errands::Lookup {
public:
    Lookup(Errands& errands, PortId port, int context, std::string host);
    [[nodiscard]] bool runs_over(int context) const { return context_ == context && !ended_; }
    void end(Fault fault);

private:
    void resolved(const Result<Resolved, NetFailure>& result);

    Errands& errands_;
    PortId port_;
    int context_;
    bool ended_ = false;  ///< the outcome is on its way
    std::string host_;
    std::unique_ptr<Operation> query_;
    Timers::Handle deadline_;
};

class Errands::Ping {
public:
    Ping(Errands& errands, PortId port, int context, std::string host, std::chrono::seconds timeout, int count,
         std::size_t octets);
    [[nodiscard]] bool runs_over(int context) const { return context_ == context && !ended_; }
    void end(Fault fault);

private:
    void resolved(const Result<Resolved, NetFailure>& result);
    void probe();
    void answered(const Result<PingEcho, NetFailure>& result);
    void count_reply(int milliseconds);

    Errands& errands_;
    PortId port_;
    int context_;
    bool ended_ = false;  ///< the outcome is on its way
    std::string host_;
    std::chrono::seconds timeout_;
    int count_;
    std::size_t octets_;
    std::string ip_;
    PingFinished result_;
    int total_milliseconds_ = 0;
    Time last_probe_;
    std::unique_ptr<Operation> under_way_;
    Timers::Handle next_;
};

class Errands::TimeFetch final : private ConnectionUser {
public:
    TimeFetch(Errands& errands, PortId port, int context, TimeServer server, bool set_clock, Patience patience);
    [[nodiscard]] bool runs_over(int context) const { return context_ == context && !ended_; }
    [[nodiscard]] const TimeServer& server() const { return server_; }
    void end(Fault fault);

private:
    void resolved(const Result<Resolved, NetFailure>& result);
    void ask();
    void answered(BytesView packet);
    void failed(Fault fault, const std::string& cause);

    void on_connected() override;
    void on_connect_failed(const NetFailure& failure) override;
    void on_readable() override;
    void on_writable() override {}
    void on_broken(const NetFailure& failure) override;

    Errands& errands_;
    PortId port_;
    int context_;
    bool ended_ = false;  ///< the outcome is on its way
    TimeServer server_;
    bool set_clock_;
    Patience patience_;
    std::uint64_t nonce_ = 0;
    std::unique_ptr<Operation> query_;
    std::unique_ptr<Connection> connection_;
    Timers::Handle deadline_;
    Timers::Handle repeat_;
};

}  // namespace atls::modem
