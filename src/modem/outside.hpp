// What the device needs of the world: sockets, names, files. Implemented by net/ and store/, doubled in tests.
// All of it runs on one thread. No call reports its outcome from inside itself: outcomes arrive later, from the loop.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace atls::modem {

// --- network ------------------------------------------------------------------------------------------------------

struct Endpoint {
    std::string ip;  ///< numeric, IPv4 or IPv6
    std::uint16_t port = 0;
    bool operator==(const Endpoint&) const = default;
};

enum class NetError : std::uint8_t {
    none,
    refused,
    unreachable,
    timed_out,
    reset,
    name_not_found,
    name_server_failed,
    no_resources,
    address_in_use,
    bad_address,
    not_permitted,
    other,
};

struct NetFailure {
    NetError code = NetError::none;
    std::string text;  ///< what was being done, with whom, and the errno's or resolver's words
};

enum class Transport : std::uint8_t { tcp, udp };

/// Who hears of a connection. Never called after the Connection was destroyed; any of these may destroy it.
class ConnectionUser {
public:
    virtual void on_connected() = 0;
    virtual void on_connect_failed(const NetFailure& failure) = 0;
    /// Something can be read, or the peer's end can be seen: read() until it gives nothing.
    virtual void on_readable() = 0;
    /// After a short write(): there is room again.
    virtual void on_writable() = 0;
    /// The connection broke (reset, unreachable …). Nothing follows.
    virtual void on_broken(const NetFailure& failure) = 0;

protected:
    ~ConnectionUser() = default;
};

/// How the stack looks after an idle or unanswered TCP connection. All unset: as the system does by itself.
struct TcpCare {
    struct KeepAlive {
        std::chrono::seconds idle{};
        std::chrono::seconds interval{};
        int probes = 0;
        bool operator==(const KeepAlive&) const = default;
    };
    std::optional<KeepAlive> keep_alive;
    /// Sent octets that are not acknowledged for so long break the connection; zero: the system's own patience.
    std::chrono::seconds give_up_after{};
    bool operator==(const TcpCare&) const = default;
};

/// A TCP connection or a UDP socket with a fixed peer. Destroying it closes it at once and silently.
class Connection {
public:
    virtual ~Connection() = default;
    /// Returns how many octets were taken; fewer than given means on_writable() will follow. UDP: one datagram, all or
    /// none.
    virtual std::size_t write(BytesView octets) = 0;
    enum class Read : std::uint8_t { data, nothing_now, end };
    struct ReadResult {
        Read kind = Read::nothing_now;
        std::size_t count = 0;
    };
    /// UDP: one datagram. After nothing_now, on_readable() follows when there is something; not reading stops a TCP
    /// peer.
    virtual ReadResult read(std::span<char> into) = 0;
    /// TCP: FIN after what was written.
    virtual void shut_down() = 0;
    /// TCP: RST. The connection is unusable afterwards.
    virtual void reset() = 0;
    /// TCP only.
    virtual void set_care(const TcpCare&) {}
    [[nodiscard]] virtual Endpoint local() const = 0;
};

/// Who hears of a listener; may destroy it.
class ListenerUser {
public:
    /// Somebody connects. Whom accept() does not take from inside this call is reset.
    virtual void on_incoming(const Endpoint& peer) = 0;

protected:
    ~ListenerUser() = default;
};

/// Waits for TCP connections. Destroying it refuses further ones and touches none that it gave.
class Listener {
public:
    virtual ~Listener() = default;
    /// From inside on_incoming(), once. The connection is open: no on_connected() comes.
    virtual std::unique_ptr<Connection> accept(ConnectionUser& user) = 0;
    [[nodiscard]] virtual Endpoint local() const = 0;
};

/// Who hears of a UDP socket without a fixed peer; may destroy it.
class DatagramUser {
public:
    /// Something can be read: receive() until it gives nothing.
    virtual void on_datagram() = 0;

protected:
    ~DatagramUser() = default;
};

class DatagramSocket {
public:
    virtual ~DatagramSocket() = default;
    /// What the network refuses is lost, as on the air.
    virtual void send(const Endpoint& to, BytesView datagram) = 0;
    struct Received {
        std::size_t count = 0;
        Endpoint from;
    };
    /// One datagram. After nullopt, on_datagram() follows when there is something.
    virtual std::optional<Received> receive(std::span<char> into) = 0;
    [[nodiscard]] virtual Endpoint local() const = 0;
};

/// A request under way; destroying it withdraws it, and its callback never runs. The callback may destroy it.
class Operation {
public:
    virtual ~Operation() = default;
};

struct Resolved {
    std::vector<std::string> addresses;  ///< numeric, at least one
    std::uint32_t ttl_seconds = 0;
};

struct PingEcho {
    Duration round_trip{};
    int ttl = 0;
};

class Net {
public:
    virtual ~Net() = default;
    /// `local_port` 0: any. Outcome: user.on_connected() or on_connect_failed(). UDP "connects" without a packet.
    virtual std::unique_ptr<Connection> connect(Transport transport, const Endpoint& remote, std::uint16_t local_port,
                                                ConnectionUser& user) = 0;
    /// Whether a port can be had is known at once. `local.ip`: "0.0.0.0" or "::" (then IPv4 too).
    virtual Result<std::unique_ptr<Listener>, NetFailure> listen(const Endpoint& local, ListenerUser& user) = 0;
    virtual Result<std::unique_ptr<DatagramSocket>, NetFailure> bind(const Endpoint& local, DatagramUser& user) = 0;
    /// `servers`: the module's own DNS servers, numeric; empty: the host's. A numeric `name` resolves to itself.
    virtual std::unique_ptr<Operation> resolve(const std::string& name, const std::vector<std::string>& servers,
                                               std::function<void(Result<Resolved, NetFailure>)> done) = 0;
    /// One ICMP echo of `octets` payload.
    virtual std::unique_ptr<Operation> ping(const std::string& ip, std::size_t octets, Duration timeout,
                                            std::function<void(Result<PingEcho, NetFailure>)> done) = 0;
};

/// A name for people: "connection refused".
std::string_view name_of(NetError error);

// --- files --------------------------------------------------------------------------------------------------------

enum class FileError : std::uint8_t { none, not_found, exists, bad_name, no_space, input_output };

struct FileFailure {
    FileError code = FileError::none;
    std::string text;  ///< which file, what was being done, the errno's words
};

struct FileInfo {
    std::string name;  ///< as the host named it
    std::uint64_t size = 0;
};

/// A file that is written whole, in pieces. Until finish() is good nothing of it is to be seen, and destroying it
/// leaves things as they were. The store outlives it.
class FileWriter {
public:
    virtual ~FileWriter() = default;
    virtual Outcome<FileFailure> append(BytesView octets) = 0;
    /// Durable on return; a file of that name is replaced. Nothing may be called afterwards.
    virtual Outcome<FileFailure> finish() = 0;
};

/// A flat store of named files with a quota. Every change is atomic and on the disk before the call returns good.
class Files {
public:
    virtual ~Files() = default;
    [[nodiscard]] virtual std::vector<FileInfo> list() const = 0;  ///< by name
    [[nodiscard]] virtual std::optional<std::uint64_t> size(const std::string& name) const = 0;
    /// Up to `count` octets from `offset`; fewer only at the end of the file.
    [[nodiscard]] virtual Result<Bytes, FileFailure> read(const std::string& name, std::uint64_t offset,
                                                          std::size_t count) const = 0;
    /// Creates, or replaces the whole content.
    virtual Outcome<FileFailure> replace(const std::string& name, BytesView content) = 0;
    /// Overwrites from `offset` on, lengthening the file if need be; `offset` at most the file's size.
    virtual Outcome<FileFailure> write(const std::string& name, std::uint64_t offset, BytesView octets) = 0;
    virtual Outcome<FileFailure> truncate(const std::string& name, std::uint64_t size) = 0;
    virtual Outcome<FileFailure> remove(const std::string& name) = 0;
    /// As replace(), for content that comes in pieces. A store that can does without holding it in memory.
    virtual Result<std::unique_ptr<FileWriter>, FileFailure> start(const std::string& name);

    [[nodiscard]] virtual std::uint64_t capacity() const = 0;  ///< octets, the quota
    [[nodiscard]] virtual std::uint64_t used() const = 0;      ///< octets of all files
};

}  // namespace atls::modem
