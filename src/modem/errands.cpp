#include "modem/errands.hpp"

#include <algorithm>

#include "base/random.hpp"
#include "modem/errand_kinds.hpp"
#include "modem/sntp.hpp"

namespace atls::modem {

namespace {
// Longest waits of the TCP/IP notes: QIDNSGIP 60 s, QNTP 125 s.
constexpr std::chrono::seconds lookup_time{60};
constexpr std::chrono::seconds between_probes{1};
}  // namespace

Errands::Errands(Contexts& contexts, Clock& clock, Net& net, Timers& timers, EventSink& events, Log& log)
    : contexts_(contexts), clock_(clock), net_(net), timers_(timers), events_(events), log_(log), later_(timers) {}

Errands::~Errands() = default;

void Errands::post(Event event) {
    later_.run([this, event = std::move(event)] { events_.on_event(event); });
}

void Errands::resolve(PortId port, int context, const std::string& host) {
    if (!contexts_.active(context)) return post(NameResolved{port, Fault::context_inactive, {}, 0});
    lookups_.push_back(std::make_unique<Lookup>(*this, port, context, host));
}

void Errands::ping(PortId port, int context, const std::string& host, std::chrono::seconds timeout, int count,
                   std::size_t octets) {
    PingFinished refused;
    refused.port = port;
    refused.fault = Fault::none;
    if (!contexts_.active(context)) refused.fault = Fault::context_inactive;
    if (ping_) refused.fault = Fault::busy;
    if (refused.fault != Fault::none) return post(refused);
    ping_ = std::make_unique<Ping>(*this, port, context, host, timeout, count, octets);
}

bool Errands::pinging() const { return ping_ != nullptr; }

void Errands::fetch_time(PortId port, int context, const std::string& server, std::uint16_t udp_port, bool set_clock,
                         Patience patience) {
    Fault fault = Fault::none;
    if (!contexts_.active(context)) fault = Fault::context_inactive;
    if (time_fetch_) fault = Fault::busy;
    if (fault != Fault::none) return post(TimeFetched{port, fault, {}, 0});
    time_fetch_ = std::make_unique<TimeFetch>(*this, port, context, TimeServer{server, udp_port}, set_clock, patience);
}

std::optional<Errands::TimeServer> Errands::fetching_time() const {
    if (!time_fetch_) return std::nullopt;
    return time_fetch_->server();
}

void Errands::context_gone(int context) {
    for (const auto& lookup : lookups_) {
        if (lookup->runs_over(context)) lookup->end(Fault::context_lost);
    }
    if (ping_ && ping_->runs_over(context)) ping_->end(Fault::context_lost);
    if (time_fetch_ && time_fetch_->runs_over(context)) time_fetch_->end(Fault::context_lost);
}

void Errands::drop_all() {
    later_.clear();
    lookups_.clear();
    ping_.reset();
    time_fetch_.reset();
}

void Errands::finish(const Lookup& lookup, NameResolved outcome) {
    later_.run([this, done = &lookup, outcome = std::move(outcome)] {
        std::erase_if(lookups_, [&](const auto& other) { return other.get() == done; });
        events_.on_event(outcome);
    });
}

void Errands::finish(const Ping&, PingFinished outcome) {
    later_.run([this, outcome] {
        ping_.reset();
        events_.on_event(outcome);
    });
}

void Errands::finish(const TimeFetch&, TimeFetched outcome) {
    later_.run([this, outcome] {
        time_fetch_.reset();
        events_.on_event(outcome);
    });
}

std::vector<std::string> Errands::servers_of(int context) const {
    std::vector<std::string> servers = contexts_.name_servers(context);
    std::erase(servers, "");
    return servers;
}

void Errands::say(const std::string& what, const std::string& cause) {
    log_.write(Level::warning, "errand", what + ": " + cause, {{"errand", what}, {"cause", cause}});
}

// --- names --------------------------------------------------------------------------------------------------------

Errands::Lookup::Lookup(Errands& errands, PortId port, int context, std::string host)
    : errands_(errands), port_(port), context_(context), host_(std::move(host)) {
    deadline_ = errands_.timers_.after(lookup_time, [this] {
        errands_.say("name " + host_, "not resolved within 60 s");
        end(Fault::timed_out);
    });
    query_ = errands_.net_.resolve(host_, errands_.servers_of(context_),
                                   [this](const Result<Resolved, NetFailure>& result) { resolved(result); });
}

void Errands::Lookup::resolved(const Result<Resolved, NetFailure>& result) {
    if (result) {
        ended_ = true;
        deadline_.cancel();
        errands_.finish(*this, NameResolved{port_, Fault::none, result->addresses, result->ttl_seconds});
        return;
    }
    errands_.say("name " + host_, result.error().text);
    end(Fault::name_not_resolved);
}

void Errands::Lookup::end(Fault fault) {
    ended_ = true;
    deadline_.cancel();
    query_.reset();
    errands_.finish(*this, NameResolved{port_, fault, {}, 0});
}

// --- ping ---------------------------------------------------------------------------------------------------------

Errands::Ping::Ping(Errands& errands, PortId port, int context, std::string host, std::chrono::seconds timeout,
                    int count, std::size_t octets)
    : errands_(errands),
      port_(port),
      context_(context),
      host_(std::move(host)),
      timeout_(timeout),
      count_(count),
      octets_(octets) {
    result_.port = port_;
    under_way_ = errands_.net_.resolve(host_, errands_.servers_of(context_),
                                       [this](const Result<Resolved, NetFailure>& result) { resolved(result); });
}

void Errands::Ping::resolved(const Result<Resolved, NetFailure>& result) {
    if (!result || result->addresses.empty()) {
        errands_.say("ping " + host_, result ? "no address" : result.error().text);
        return end(Fault::name_not_resolved);
    }
    ip_ = result->addresses.front();
    probe();
}

void Errands::Ping::probe() {
    last_probe_ = errands_.timers_.now();
    ++result_.sent;
    under_way_ = errands_.net_.ping(ip_, octets_, timeout_,
                                    [this](const Result<PingEcho, NetFailure>& result) { answered(result); });
}

void Errands::Ping::answered(const Result<PingEcho, NetFailure>& result) {
    PingReply reply;
    reply.port = port_;
    reply.ip = ip_;
    if (result) {
        reply.octets = static_cast<int>(octets_);
        // A module never shows 0 ms.
        const auto whole = std::chrono::ceil<std::chrono::milliseconds>(result->round_trip);
        reply.milliseconds = std::max(1, static_cast<int>(whole.count()));
        reply.ttl = result->ttl;
        count_reply(reply.milliseconds);
    } else {
        const bool silent = result.error().code == NetError::timed_out;
        reply.fault = silent ? Fault::timed_out : Fault::connect_failed;
        errands_.say("ping " + ip_, result.error().text);
    }
    errands_.post(reply);
    if (result_.sent >= count_) return end(Fault::none);
    next_ = errands_.timers_.at(std::max(last_probe_ + between_probes, errands_.timers_.now()), [this] { probe(); });
}

void Errands::Ping::count_reply(int milliseconds) {
    ++result_.received;
    total_milliseconds_ += milliseconds;
    result_.shortest = result_.received == 1 ? milliseconds : std::min(result_.shortest, milliseconds);
    result_.longest = std::max(result_.longest, milliseconds);
    result_.average = total_milliseconds_ / result_.received;
}

void Errands::Ping::end(Fault fault) {
    ended_ = true;
    next_.cancel();
    under_way_.reset();
    result_.fault = fault;
    result_.lost = result_.sent - result_.received;
    errands_.finish(*this, result_);
}

// --- network time -------------------------------------------------------------------------------------------------

Errands::TimeFetch::TimeFetch(Errands& errands, PortId port, int context, TimeServer server, bool set_clock,
                              Patience patience)
    : errands_(errands),
      port_(port),
      context_(context),
      server_(std::move(server)),
      set_clock_(set_clock),
      patience_(patience) {
    deadline_ = errands_.timers_.after(patience_.in_all, [this] {
        failed(Fault::timed_out, "no good answer in " + std::to_string(patience_.in_all.count()) + " s");
    });
    query_ = errands_.net_.resolve(server_.server, errands_.servers_of(context_),
                                   [this](const Result<Resolved, NetFailure>& result) { resolved(result); });
}

void Errands::TimeFetch::resolved(const Result<Resolved, NetFailure>& result) {
    if (!result || result->addresses.empty()) {
        return failed(Fault::name_not_resolved, result ? "no address" : result.error().text);
    }
    connection_ = errands_.net_.connect(Transport::udp, {result->addresses.front(), server_.port}, 0, *this);
}

void Errands::TimeFetch::on_connected() { ask(); }

void Errands::TimeFetch::ask() {
    // Distinct for each request of each module; it only has to be unlikely to be guessed by a stray packet.
    const auto ticks = static_cast<std::uint64_t>(errands_.timers_.now().time_since_epoch().count());
    nonce_ = Random(ticks ^ (std::uint64_t{connection_->local().port} << 48U)).next();
    connection_->write(sntp_request(nonce_));
    repeat_ = errands_.timers_.after(patience_.ask_again, [this] { ask(); });
}

void Errands::TimeFetch::on_readable() {
    char packet[512];
    for (;;) {
        const auto got = connection_->read(packet);
        if (got.kind != Connection::Read::data) return;
        answered(BytesView(packet, got.count));
        if (!connection_) return;
    }
}

void Errands::TimeFetch::answered(BytesView packet) {
    const auto time = sntp_answer(packet, nonce_);
    if (!time) {
        // Another server's or an old answer: the good one may still come.
        errands_.say("time from " + server_.server, time.error());
        return;
    }
    const int zone = errands_.clock_.zone_quarters();
    if (set_clock_) errands_.clock_.set(*time, zone, "NTP");
    ended_ = true;
    deadline_.cancel();
    repeat_.cancel();
    connection_.reset();
    errands_.finish(*this, TimeFetched{port_, Fault::none, *time, zone});
}

void Errands::TimeFetch::on_connect_failed(const NetFailure& failure) { failed(Fault::connect_failed, failure.text); }

void Errands::TimeFetch::on_broken(const NetFailure& failure) { failed(Fault::connect_failed, failure.text); }

void Errands::TimeFetch::failed(Fault fault, const std::string& cause) {
    errands_.say("time from " + server_.server, cause);
    end(fault);
}

void Errands::TimeFetch::end(Fault fault) {
    ended_ = true;
    deadline_.cancel();
    repeat_.cancel();
    query_.reset();
    connection_.reset();
    errands_.finish(*this, TimeFetched{port_, fault, {}, 0});
}

}  // namespace atls::modem
