#include "support/host_port.hpp"

#include <algorithm>
#include <utility>

#include "at/unit.hpp"

namespace atls::test {

namespace {

class MemoryPort final : public HostPort {
public:
    explicit MemoryPort(Pieces pieces) : most_(pieces == Pieces::whole ? Bytes::npos : 1) {}

    void send(BytesView octets) override { unsent_.append(octets); }
    [[nodiscard]] std::size_t unsent() const override { return unsent_.size(); }

    bool step() override {
        bool moved = false;
        if (!unsent_.empty()) {
            const std::size_t taken = session().feed(unsent_.view().substr(0, most_));
            unsent_.consume(taken);
            moved = taken > 0;
        }
        if (!reads) return moved;
        const BytesView output = session().output().substr(0, most_);
        if (output.empty()) return moved;
        received(output);
        session().output_sent(output.size());
        return true;
    }

    void hang_up() override {
        unsent_.clear();
        HostPort::hang_up();
    }

private:
    std::size_t most_;
    ByteQueue unsent_;
};

}  // namespace

void HostPort::enter(at::Unit& unit, const std::string& name) {
    at::Session& session = unit.add_port(name, *this);
    join(session);
    session.attach();
}

void HostPort::hang_up() {
    session_->detach();
    session_->attach();
}

Bytes HostPort::take_received() { return std::exchange(received_, {}); }

void HostPort::set_flow(int by_host, int by_module) {
    flow_by_host = by_host;
    flow_by_module = by_module;
}

PortMaker memory_ports(Pieces pieces) {
    return [pieces](const std::string&) { return std::make_unique<MemoryPort>(pieces); };
}

}  // namespace atls::test
