// A connection that a service of the module has for itself: a socket that no host sees, with or without TLS.
#pragma once

#include <cstdint>
#include <string>

#include "modem/sockets.hpp"

namespace atls::modem {

enum class ServiceEnd : std::uint8_t {
    in_order,  ///< the peer closed, and all it had sent has come
    broken,    ///< reset, or cut off
    context,   ///< its PDP context went away
};

/// Who hears of a link; never from inside a call to it. Any of these may close or open it.
class ServiceUser {
public:
    /// Open, or TLS is up, or that failed.
    virtual void on_opened(Fault fault) = 0;
    /// Something can be read; once until read() has given nothing.
    virtual void on_data() = 0;
    /// There is room again after a short write().
    virtual void on_room() = 0;
    /// What deliver() waited for: all has left for the network; or not in its time, or never.
    virtual void on_delivered(bool /*all*/) {}
    /// The peer or the network ended it; what came before can still be read.
    virtual void on_ended(ServiceEnd how) = 0;
    /// close_in_order() is done.
    virtual void on_closed() {}

protected:
    ~ServiceUser() = default;
};

class ServiceLink final : private EventSink {
public:
    /// `id`: its own among the services', from Sockets::first_service on.
    ServiceLink(Sockets& sockets, int id, ServiceUser& user);
    ServiceLink(const ServiceLink&) = delete;
    ServiceLink& operator=(const ServiceLink&) = delete;

    struct Target {
        std::string host;
        std::uint16_t port = 0;
        int context = 1;
        std::optional<int> ssl_context{};  ///< none: plain TCP
        std::chrono::seconds time{150};    ///< for resolving, connecting and negotiating
    };
    /// An earlier one is closed. on_opened() follows.
    void open(const Target& target);
    /// TLS on what is open: STARTTLS. on_opened() follows; false: something is unread, or it is not open.
    bool secure(int ssl_context) { return sockets_.secure(id_, ssl_context); }
    /// Takes what there is room for and returns how much; on_room() follows a short one.
    std::size_t write(BytesView octets) { return sockets_.stream(id_, octets); }
    Bytes read(std::size_t most) { return sockets_.read(id_, most); }
    /// on_delivered() follows once all that was written has left for the network, at the latest after `time`. false: it
    /// is not open any more.
    bool deliver(std::chrono::seconds time) { return sockets_.deliver(id_, {}, time) == Fault::none; }
    [[nodiscard]] std::size_t readable() const { return sockets_.readable(id_); }
    /// In an orderly way, without waiting for the peer; nothing follows.
    void close();
    /// Once all that was written has left and the peer has closed too, at the latest after `time`: on_closed() follows.
    void close_in_order(std::chrono::seconds time);
    [[nodiscard]] bool is_open() const { return open_; }
    /// Octets written that the network has not taken yet.
    [[nodiscard]] std::uint64_t pending() const { return sockets_.sent(id_).pending; }
    /// Why it failed or ended, in words.
    [[nodiscard]] std::string cause() const { return sockets_.cause(id_); }

private:
    void on_event(const Event& event) override;

    Sockets& sockets_;
    int id_;
    ServiceUser& user_;
    bool open_ = false;     ///< opened, or being opened
    bool closing_ = false;  ///< close_in_order()
};

}  // namespace atls::modem
