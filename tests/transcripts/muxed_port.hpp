// AT ports that are channels of the multiplexer, inside a pty. As the other ports of transcripts they live on the
// world's clock.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "codec/mux.hpp"
#include "support/host_port.hpp"

namespace atls::test {

class MuxedPort;

/// The port that carries the channels, and the host's end of the multiplexer on it.
class Carrier {
public:
    Carrier();

    /// The next channel's session, open. The carrier itself is in multiplexer mode after the first.
    at::Session& open(at::Unit& unit, MuxedPort& port);
    void forget(int dlci) { ports_.erase(dlci); }
    bool step();
    void send(const codec::mux::Frame& frame);
    /// Closes a channel and opens it again.
    void reopen(int dlci);
    [[nodiscard]] std::size_t unsent() const { return port_->unsent(); }
    [[nodiscard]] int latest() const { return latest_; }

private:
    void start(at::Unit& unit);
    void ask(int dlci, codec::mux::Kind kind);
    void hear(const codec::mux::Frame& frame);
    void hear_message(const codec::mux::Message& message);

    std::unique_ptr<HostPort> port_;
    codec::mux::Decoder decoder_;
    std::map<int, MuxedPort*> ports_;
    int latest_ = 0;
    bool answered_ = false;
};

class MuxedPort final : public HostPort {
public:
    explicit MuxedPort(std::shared_ptr<Carrier> carrier) : carrier_(std::move(carrier)) {}
    ~MuxedPort() override { carrier_->forget(dlci_); }

    void enter(at::Unit& unit, const std::string& name) override;
    void send(BytesView octets) override { unsent_.append(octets); }
    bool step() override;
    [[nodiscard]] std::size_t unsent() const override;
    void set_dtr(bool on) override;
    void hang_up() override;

    // From the carrier.
    void hear(BytesView octets) { received(octets); }
    void hear_signals(unsigned signals);

private:
    void show_signals();

    std::shared_ptr<Carrier> carrier_;
    int dlci_ = 0;
    ByteQueue unsent_;
    bool stopped_ = false;  ///< by the module
    bool dtr_ = true;
    bool read_ = true;  ///< as the module was told last
};

/// All ports of one play are channels of one multiplexer.
PortMaker muxed_ports();

}  // namespace atls::test
