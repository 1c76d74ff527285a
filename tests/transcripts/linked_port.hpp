// AT ports whose octets cross a real link: a pty, TCP, a unix socket, a serial port (a pty with pins that are the
// test's). The world behind them stays in memory and on its clock.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "link/channel.hpp"
#include "link/serial.hpp"
#include "loop/fd.hpp"
#include "loop/loop.hpp"
#include "loop/watch.hpp"
#include "support/host_port.hpp"
#include "support/telnet_speech.hpp"

namespace atls::test {

enum class LinkKind { pty, tcp, unix_socket, rfc2217, tty };

/// All ports of one play, on a loop of their own.
PortMaker linked_ports(LinkKind kind);

/// Of LinkKind::tty and LinkKind::rfc2217: what is beside the octets.
struct Cable {
    bool dtr = true;   ///< the host's
    bool dcd = false;  ///< the module's
    std::optional<link::SerialMode> mode;
};

class LinkedPort final : public HostPort, private link::ChannelUser {
public:
    LinkedPort(std::shared_ptr<loop::Loop> loop, LinkKind kind);
    ~LinkedPort() override;

    void join(at::Session& session) override;
    void send(BytesView octets) override;
    bool step() override;
    [[nodiscard]] std::size_t unsent() const override { return waiting_ + written_ - taken_; }
    void set_dtr(bool on) override;
    void hang_up() override;
    void wake() override { woken_ = true; }
    void set_dcd(bool on) override;
    void set_ri(bool on) override;
    void set_rate(unsigned bits_per_second) override;
    void set_flow(int by_host, int by_module) override;
    void look_at_lines() override;

private:
    // link::ChannelUser
    void on_attached() override;
    void on_detached() override;
    std::size_t on_bytes(BytesView octets) override;
    void on_writable() override;
    void on_dtr(bool on) override;

    void connect();
    void open_tty();
    void new_cable();
    void write_some();
    void read_some();
    void pump();
    void show_lines();
    void until(const bool& happened);
    [[nodiscard]] bool in_flight() const;

    std::shared_ptr<loop::Loop> loop_;
    LinkKind kind_;
    std::string path_;  ///< of a unix socket
    std::unique_ptr<link::Channel> channel_;
    std::shared_ptr<std::string> device_ =
        std::make_shared<std::string>();  ///< LinkKind::tty: where the module finds it
    loop::Fd host_;
    std::unique_ptr<loop::Watch> host_watch_;
    ByteQueue unsent_;         ///< as they go over the link
    TelnetSpeech telnet_;      ///< LinkKind::rfc2217
    std::size_t waiting_ = 0;  ///< of the host, and not written
    // Octets since the host attached, to know when none is under way.
    std::size_t written_ = 0;  ///< by the host
    std::size_t taken_ = 0;    ///< by the session
    std::size_t given_ = 0;    ///< to the channel
    std::size_t read_ = 0;     ///< by the host
    bool attached_ = false;
    bool detached_ = false;
    bool dtr_heard_ = false;
    std::shared_ptr<Cable> cable_ = std::make_shared<Cable>();
    bool lines_due_ = false;
    bool wanted_dcd_ = false;
    bool wanted_ri_ = false;
    bool moved_ = false;
    bool refused_ = false;  ///< the channel keeps octets that the session has not taken
    bool blocked_ = false;  ///< the channel takes no more
    bool woken_ = false;
};

}  // namespace atls::test
