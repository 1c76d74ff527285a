#include "memory_fleet.hpp"

#include <chrono>

#include "common.hpp"
#include "common_wish.hpp"
#include "dialects/all.hpp"

namespace atls::bench {

namespace {

constexpr int at_once = 64;
constexpr std::size_t echoed = 1000;
constexpr std::uint16_t addresses = 4;  // of the server: so many times the ports for our end
constexpr std::chrono::seconds work_limit{100};
constexpr std::chrono::milliseconds idle_time{4300};  // twice the two seconds after which a quiet connection is trimmed

struct Step {
    std::string typed;
    std::string answer;  ///< how it ends
};

std::vector<Step> dialogue(const std::string& address, std::uint16_t port) {
    const std::string ok = "\r\nOK\r\n";
    const std::string size = std::to_string(echoed);
    return {
        {"AT+QSSLCFG=\"sslversion\",1,3\r", ok},
        {"AT+QSSLCFG=\"ciphersuite\",1,0XC02F\r", ok},
        {"AT+QSSLCFG=\"seclevel\",1,1\r", ok},
        {"AT+QSSLCFG=\"cacert\",1,\"cacert.pem\"\r", ok},
        {"AT+QSSLCFG=\"checkhost\",1,1\r", ok},
        {"AT+QICSGP=1,1,\"bench\"\r", ok},
        {"AT+QIACT=1\r", ok},
        {"AT+QSSLOPEN=1,1,0,\"" + address + "\"," + std::to_string(port) + ",0\r", "+QSSLOPEN: 0,0\r\n"},
        {"AT+QSSLSEND=0," + std::to_string(wish_size + echoed) + "\r", "> "},
        {wish_text(Wish::echo, 0) + std::string(echoed, 'e'), "+QSSLURC: \"recv\",0\r\n"},
        {"AT+QSSLRECV=0,1500\r", std::string(echoed, 'e') + "\r\n" + ok},
    };
}

}  // namespace

/// A modem and who types at it.
class Host final : private at::Line {
public:
    Host(Fleet& fleet, std::unique_ptr<app::Machine> machine)
        : fleet_(fleet), machine_(std::move(machine)), session_(machine_->unit().add_port("usbat", *this)) {
        session_.attach();
    }

    void begin(std::vector<Step> steps) {
        steps_ = std::move(steps);
        type();
    }

    /// Takes what the modem says; true: the last answer was just read.
    bool pump() {
        const app::Clockwork::Entry entry(machine_->site().clockwork);
        while (true) {
            const std::string_view said = session_.output();
            if (said.empty()) break;
            if (!done()) seen_ += said;
            session_.output_sent(said.size());
        }
        if (done() || !seen_.ends_with(steps_[step_].answer)) {
            for (const char* bad : {"ERROR", "FAIL", "+QSSLOPEN: 0,5", "closed"}) {
                if (seen_.find(bad) != std::string::npos) give_up("a modem answers " + seen_);
            }
            return false;
        }
        ++step_;
        seen_.clear();
        if (!done()) {
            type();
            return false;
        }
        // The host is not the modem: what it remembers does not count.
        std::string().swap(seen_);
        std::vector<Step>().swap(steps_);
        step_ = 0;
        return true;
    }

private:
    void wake() override {
        if (due_) return;
        due_ = true;
        fleet_.loop_.post([this] {
            due_ = false;
            fleet_.pump(*this);
        });
    }

    void type() {
        const std::string& typed = steps_[step_].typed;
        demand(session_.feed(typed) == typed.size(), "a modem that takes what is typed");
        wake();
    }

    [[nodiscard]] bool done() const { return step_ == steps_.size(); }

    Fleet& fleet_;
    std::unique_ptr<app::Machine> machine_;
    std::vector<Step> steps_;
    std::size_t step_ = 0;
    std::string seen_;
    bool due_ = false;
    at::Session& session_;
};

Fleet::Fleet(Server server) : server_(std::move(server)), site_(loop_, no_log(), {}) {
    settings_.dialect = dialects::find("BG96");
    settings_.quirks = settings_.dialect->quirks;
    settings_.utc = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

Fleet::~Fleet() = default;

void Fleet::connect(int count) {
    for (int number = 0; number < count; ++number) {
        settings_.identity = modem::identity_from(static_cast<std::uint64_t>(hosts_.size()) + 1);
        auto machine = app::Machine::create(site_, settings_);
        demand(machine.ok() && (*machine)->modem().files.replace("cacert.pem", server_.trusted).ok(), "a modem");
        Host& host = *hosts_.emplace_back(std::make_unique<Host>(*this, std::move(*machine)));
        ++at_work_;
        host.begin(dialogue("127.0.0." + std::to_string(1 + hosts_.size() % addresses), server_.port));
        demand(loop_.run_until([this] { return at_work_ < at_once; }, work_limit), "answers in time");
    }
    demand(loop_.run_until([this] { return at_work_ == 0; }, work_limit), "answers in time");
}

void Fleet::pump(Host& host) {
    if (host.pump()) --at_work_;
}

void Fleet::idle() {
    loop_.run_until([] { return false; }, idle_time);
}

}  // namespace atls::bench
