// What happens to the device. Only a dialect turns an Event into text; URCs and waiting commands both feed on these.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "base/time.hpp"

namespace atls::modem {

/// Index of an AT port of this module (uart1, usbat, usbmodem …), given by the wiring.
using PortId = std::uint8_t;

enum class SocketKind : std::uint8_t {
    tcp,
    udp,
    tls,
    tcp_listener,
    tcp_incoming,  ///< accepted by a listener
    udp_service,   ///< any peer
};
enum class AccessMode : std::uint8_t { buffer, push, transparent };

/// Why a socket operation failed, without any vendor's number; the dialect's error map has those.
enum class Fault : std::uint8_t {
    none,
    unknown,
    bad_parameter,
    no_memory,
    create_failed,
    not_supported,
    bind_failed,
    write_failed,  ///< connection lost between prompt and payload
    read_failed,
    context_inactive,
    context_failed,  ///< activation or deactivation refused
    id_in_use,
    name_not_resolved,
    connect_failed,      ///< refused, reset, unreachable
    server_certificate,  ///< refused, or nothing usable to judge it by
    own_credentials,     ///< our certificate, its key or the pre-shared key
    no_common_suite,     ///< or version
    handshake_failed,    ///< in any other way
    internal,            ///< atls's own fault, or an injected one
    peer_closed,
    busy,
    timed_out,
    context_lost,
    cancelled,
    not_allowed,  ///< not open, wrong access mode, another port's
    apn_missing,
    port_busy,
};
/// The enumerator's name: for log fields and control.
std::string_view name_of(Fault fault);

struct SocketOpened {
    int id = 0;
    PortId port = 0;
    SocketKind kind = SocketKind::tcp;
    AccessMode mode = AccessMode::buffer;
    Fault fault = Fault::none;
};
/// Buffer mode: the receive buffer went from empty to non-empty. Push and transparent: there is something to pull.
struct SocketReadable {
    int id = 0;
    PortId port = 0;
    SocketKind kind = SocketKind::tcp;
    AccessMode mode = AccessMode::buffer;
};
/// Transparent mode: room again for what the host sends.
struct SocketWritable {
    int id = 0;
    PortId port = 0;
};
/// The peer or the network ended it; all received data was announced before.
struct SocketClosed {
    int id = 0;
    PortId port = 0;
    SocketKind kind = SocketKind::tcp;
    AccessMode mode = AccessMode::buffer;
    bool by_context = false;  ///< because its PDP context went away
    bool in_order = true;     ///< the peer said so (FIN, with TLS close_notify): nothing of what it sent is missing
};
/// A close() that the host asked for is complete.
struct SocketClosedHere {
    int id = 0;
    std::optional<PortId> port = {};  ///< the port that wants to be told; none: whoever waits
    SocketKind kind = SocketKind::tcp;
};
/// A listener accepted a connection: there is a new socket.
struct SocketIncoming {
    int id = 0;
    PortId port = 0;
    int listener = 0;
    std::string ip;
    std::uint16_t remote_port = 0;
};
/// A listener had to refuse one: no id is free, or it has as many as it may.
struct SocketsFull {
    int listener = 0;
    PortId port = 0;
};
/// What Sockets::deliver() was given has left for the network; or has not in its time, or never will.
struct SocketDelivered {
    int id = 0;
    PortId port = 0;
    SocketKind kind = SocketKind::tcp;
    Fault fault = Fault::none;
};
/// How a send of the host ended, for those who want it in numbers.
struct SocketSent {
    int id = 0;
    PortId port = 0;
    bool taken = true;
    std::size_t octets = 0;  ///< sent, or free to be sent
};

enum class HttpMethod : std::uint8_t { get, post, put };
/// Why an HTTP request failed, without any vendor's number.
enum class HttpFault : std::uint8_t {
    none,
    bad_url,          ///< of a redirection
    tls_not_allowed,  ///< https, and the host has not switched it on
    context_inactive,
    context_lost,
    name_not_resolved,
    connect_failed,  ///< refused, TLS failed
    timed_out,       ///< resolving, connecting or negotiating
    closed,          ///< before all of the response had come
    read_failed,     ///< the connection broke before it had
    write_failed,    ///< the connection broke before all of the request had gone
    create_failed,   ///< no socket to be had
    bad_body,        ///< chunks that are none
    busy,            ///< another request was faster
    bad_response,    ///< no HTTP, or redirected without end
    response_timeout,
    read_timeout,  ///< no octet of the body for too long
    file_failed,   ///< no such file, or no room for it
};
/// The head of the response has come, or the request failed.
struct HttpAnswered {
    PortId port = 0;
    HttpMethod method = HttpMethod::get;  ///< that the host asked for
    HttpFault fault = HttpFault::none;
    int status = 0;
    std::optional<std::uint64_t> length = {};  ///< of the body, if the server said it
    bool chunked = false;
    bool from_file = false;  ///< the request's body came from a file of the module
};
/// HttpRequest::wait_when_connected: now the host may give the body.
struct HttpConnected {
    PortId port = 0;
};
/// A host's reading of a body has ended.
struct HttpRead {
    PortId port = 0;
    HttpFault fault = HttpFault::none;
};
/// There is more of a body that `port` reads, or its end.
struct HttpData {
    PortId port = 0;
};
/// A body went into a file, or did not.
struct HttpSaved {
    PortId port = 0;
    HttpFault fault = HttpFault::none;
    std::uint64_t octets = 0;
    std::optional<std::uint64_t> length = {};  ///< what the server had announced
};

/// The connection of a request that was answered, or was to be, has ended.
struct HttpClosed {
    PortId port = 0;
};

/// Why a mail was not sent.
enum class MailFault : std::uint8_t {
    none,
    incomplete,  ///< no server, no sender, nobody to send to
    context_inactive,
    context_lost,
    name_not_resolved,
    connect_failed,  ///< refused, TLS failed
    timed_out,
    closed,       ///< by the server, before it had taken the mail
    bad_answer,   ///< no SMTP
    no_starttls,  ///< asked for, and the server has none
    refused_greeting,
    refused_login,  ///< or no way to log in that both know
    refused_sender,
    refused_recipient,
    refused_mail,
    file_failed,  ///< an attachment cannot be read
};
struct MailSent {
    PortId port = 0;
    MailFault fault = MailFault::none;
    int code = 0;  ///< the server's, where it refused
};

struct ContextActivated {
    int context = 0;
    Fault fault = Fault::none;
    std::optional<PortId> port = {};  ///< the port that wants to be told; none: whoever waits
};
struct ContextDeactivated {
    int context = 0;
    std::optional<PortId> port = {};
};
/// The network dropped it.
struct ContextLost {
    int context = 0;
};

struct NameResolved {
    PortId port = 0;
    Fault fault = Fault::none;
    std::vector<std::string> addresses;
    std::uint32_t ttl_seconds = 0;
};
struct PingReply {
    PortId port = 0;
    Fault fault = Fault::none;
    std::string ip;
    int octets = 0;
    int milliseconds = 0;
    int ttl = 0;
};
struct PingFinished {
    PortId port = 0;
    Fault fault = Fault::none;  ///< of the whole, e.g. name_not_resolved: then nothing else is meaningful
    int sent = 0;
    int received = 0;
    int lost = 0;
    int shortest = 0;
    int longest = 0;
    int average = 0;
};
struct TimeFetched {
    PortId port = 0;
    Fault fault = Fault::none;
    WallTime utc{};
    int zone_quarters = 0;
};

// --- MQTT ---------------------------------------------------------------------------------------------------------

/// Those before `open` can outlive a connection.
enum class MqttStep : std::uint8_t {
    publish,
    publish_extended,  ///< of a host that gave the length and hears another name
    open,
    close,
    connect,
    disconnect,
    subscribe,
    unsubscribe
};
/// A step is done, failed, or was repeated.
struct MqttAnswered {
    int client = 0;
    PortId port = 0;
    MqttStep step = MqttStep::open;
    std::uint16_t message = 0;   ///< the host's identifier
    int result = 0;              ///< as the module's documents number it: 0 done, 1 repeated, 2 failed, -1
    std::optional<int> value{};  ///< QoS granted, CONNACK's code, how often repeated
};
/// One more message waits for the host.
struct MqttMessage {
    int client = 0;
    PortId port = 0;
    std::size_t slot = 0;  ///< it is that of those that wait
};
/// The connection has gone without the host's asking.
struct MqttEnded {
    int client = 0;
    PortId port = 0;
    int cause = 0;  ///< as +QMTSTAT numbers it
};

/// How deep the module sleeps, as its host sees it: light sleep ends with the first octet, deep sleep is deaf.
enum class Sleep : std::uint8_t { awake, light, deep };

enum class Domain : std::uint8_t { circuit, packet, evolved };  ///< CREG, CGREG, CEREG
struct RegistrationChanged {
    Domain domain = Domain::circuit;
};
struct SignalChanged {};
struct SimChanged {
    bool inserted = true;
};
/// The radio connection to the cell came or went (27.007 +CSCON).
struct RadioChanged {
    bool connected = false;
};
struct SleepChanged {
    Sleep before = Sleep::awake;
    Sleep now = Sleep::awake;
};
/// Network time arrived (CTZR).
struct ZoneChanged {
    int zone_quarters = 0;
    int daylight_hours = 0;
    WallTime utc{};
};

enum class BootStep : std::uint8_t {
    ready,
    functionality,
    sim_ready,
    sim_initialised,
    messages_ready,
    phonebook_ready
};
struct Booting {
    BootStep step = BootStep::ready;
};
struct PoweredDown {};

using Event =
    std::variant<SocketOpened, SocketReadable, SocketWritable, SocketClosed, SocketClosedHere, SocketIncoming,
                 SocketsFull, SocketDelivered, SocketSent, HttpConnected, HttpAnswered, HttpRead, HttpData, HttpSaved,
                 HttpClosed, MailSent, MqttAnswered, MqttMessage, MqttEnded, ContextActivated, ContextDeactivated,
                 ContextLost, NameResolved, PingReply, PingFinished, TimeFetched, RegistrationChanged, SignalChanged,
                 SimChanged, RadioChanged, SleepChanged, ZoneChanged, Booting, PoweredDown>;

class EventSink {
public:
    virtual void on_event(const Event& event) = 0;

protected:
    ~EventSink() = default;
};

}  // namespace atls::modem
