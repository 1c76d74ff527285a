#include "support/transcript_verbs.hpp"

#include <charconv>
#include <map>
#include <span>
#include <vector>

#include "control/moment.hpp"
#include "control/verbs.hpp"
#include "support/transcript_runner.hpp"
#include "support/transcript_secrets.hpp"

namespace atls::test {

namespace {

using Problem = std::optional<std::string>;
using Words = std::vector<std::string>;

struct Fixture {
    std::string_view name;
    std::size_t least;  ///< words behind the name
    std::string_view usage;
    Problem (*run)(TranscriptRun& run, const Words& words);
    bool passive = false;
};

std::optional<std::int64_t> number_of(const std::string& text) {
    std::int64_t number = 0;
    const char* end = text.data() + text.size();
    const auto [stopped, fault] = std::from_chars(text.data(), end, number);
    if (fault != std::errc{} || stopped != end) return std::nullopt;
    return number;
}

std::optional<Duration> length_of(const std::string& text) { return duration_of("+" + text); }

Problem unlike(const std::string& what, const std::string& expected, const std::string& got) {
    if (expected == got) return {};
    return what + ":\n  expected: " + escaped(expected) + "\n  got:      " + escaped(got);
}

// --- network ------------------------------------------------------------------------------------------------------

Problem add_server(TranscriptRun& run, const Words& words) {
    if (!place_of(words[1])) return "no HOST:PORT: " + words[1];
    auto script = ServerScript::parse(words);
    if (!script) return script.error();
    run.world.serve(words[1], *script);
    return {};
}

// A peer that comes to the module: to a listener over tcp, over udp to a service.
Problem call_in(TranscriptRun& run, const Words& words) {
    const auto port = number_of(words[2]);
    if (!place_of(words[1])) return "no HOST:PORT: " + words[1];
    if (!port) return "no port: " + words[2];
    auto script = ServerScript::parse({words[0], words[1], words.size() > 3 ? words[3] : "sink"});
    if (!script) return script.error();
    run.world.call(words[1], static_cast<std::uint16_t>(*port), *script);
    return {};
}

Problem occupy(TranscriptRun& run, const Words& words) {
    const auto port = number_of(words[0]);
    if (!port) return "no port: " + words[0];
    run.world.net.occupy(static_cast<std::uint16_t>(*port));
    return {};
}

Problem act(ServerScript& script, const std::string& verb, const Words& words) {
    FakePeer& peer = *script.peer();
    if (verb == "close") return script.close(), Problem();
    if (verb == "notify") return script.notify(), Problem();
    if (verb == "fin") return peer.close(), Problem();
    if (verb == "reset") return peer.reset(), Problem();
    if (verb == "pause") return peer.pause(true), Problem();
    if (verb == "resume") return peer.pause(false), Problem();
    if (verb == "renegotiate" && script.tls() != nullptr) {
        script.tls()->renegotiate();
        script.send({});
        return {};
    }
    if (words.size() < 3) return "peer " + verb + " needs a text";
    if (verb == "send") return script.send(words[2]), Problem();
    if (verb == "raw") return peer.send(words[2]), Problem();
    if (verb == "fill") {
        const auto count = number_of(words[2]);
        if (!count) return "no number: " + words[2];
        return script.send(Bytes(static_cast<std::size_t>(*count), 'x')), Problem();
    }
    return "no verb of a peer: " + verb;
}

const char* yes_or_no(bool value) { return value ? "yes" : "no"; }

// What a server saw; nullopt: no such thing to look at.
std::optional<std::string> seen(ServerScript& script, const std::string& verb) {
    if (verb == "expect") return script.take_received();
    if (verb == "expect-count") return std::to_string(script.take_received().size());
    if (verb == "connections") return std::to_string(script.connections());
    const FakePeer* peer = script.peer();
    if (peer == nullptr) return std::nullopt;
    if (verb == "ended") return yes_or_no(peer->ended());
    if (verb == "unsent") return yes_or_no(peer->unsent() > 0);
    if (verb == "was-reset") return yes_or_no(peer->was_reset());
    if (verb == "keepalive") {
        const auto& care = peer->care();
        if (!care || !care->keep_alive) return "off";
        return std::to_string(care->keep_alive->idle.count()) + "," +
               std::to_string(care->keep_alive->interval.count()) + "," + std::to_string(care->keep_alive->probes);
    }
    if (verb == "patience") return std::to_string(peer->care() ? peer->care()->give_up_after.count() : 0);
    const TlsPeer* tls = script.tls();
    if (tls == nullptr) return std::nullopt;
    if (verb == "sni") return tls->server_name();
    if (verb == "cipher") return tls->cipher();
    if (verb == "subject") return tls->client_subject();
    if (verb == "resumed") return yes_or_no(tls->resumed());
    if (verb == "shaken") return yes_or_no(tls->handshake_done());
    if (verb == "notified") return yes_or_no(tls->client_closed());
    if (verb == "alert") return tls->alert_received() ? std::to_string(*tls->alert_received()) : "none";
    return std::nullopt;
}

Problem use_peer(TranscriptRun& run, const Words& words) {
    ServerScript* script = run.world.server(words[0]);
    if (script == nullptr) return "no server at " + words[0];
    if (words.size() == 3) {
        if (const auto what = seen(*script, words[1])) return unlike("peer " + words[1], words[2], *what);
    }
    if (script->peer() == nullptr) return "nobody has connected to " + words[0];
    return act(*script, words[1], words);
}

Problem set_name(TranscriptRun& run, const Words& words) {
    auto& net = run.world.net;
    if (words[1] == "fail") {
        net.fail_name(words[0], modem::NetError::name_not_found);
    } else if (words[1] == "broken") {
        net.fail_name(words[0], modem::NetError::name_server_failed);
    } else if (words[1] == "timeout") {
        net.silence(words[0]);
    } else {
        net.add_name(words[0], {words.begin() + 1, words.end()});
    }
    return {};
}

Problem set_ping(TranscriptRun& run, const Words& words) {
    if (words[1] == "timeout") return run.world.net.silence(words[0]), Problem();
    if (words[1] == "unreachable") return run.world.net.make_unreachable(words[0]), Problem();
    const auto time = length_of(words[1]);
    if (!time) return "no round trip: " + words[1];
    run.world.net.set_ping(words[0], *time, 52);
    return {};
}

Problem add_time_server(TranscriptRun& run, const Words& words) {
    const auto place = place_of(words[0]);
    const auto moment = control::parse_moment(words[1]);
    if (!place) return "no HOST:PORT: " + words[0];
    if (!moment) return "no time: " + words[1];
    run.world.net.serve_time(
        place->host, [utc = moment->utc] { return utc; }, place->port);
    return {};
}

Problem set_latency(TranscriptRun& run, const Words& words) {
    const auto time = length_of(words[0]);
    if (!time) return "no latency: " + words[0];
    run.world.net.set_latency(*time);
    return {};
}

Problem set_window(TranscriptRun& run, const Words& words) {
    const auto octets = number_of(words[0]);
    if (!octets) return "no number: " + words[0];
    run.world.net.set_window(static_cast<std::size_t>(*octets));
    return {};
}

// --- files --------------------------------------------------------------------------------------------------------

Problem put_file(TranscriptRun& run, const Words& words) {
    const bool in_memory = words[0].starts_with("ram:");
    auto& files = in_memory ? run.world.ram : run.world.ufs;
    const std::string name = words[0].substr(in_memory ? 4 : 0);
    if (words[1] == "is") return unlike("file " + words[0], words.size() > 2 ? words[2] : "", files.content(name));
    if (words[1] == "absent") return files.size(name) ? Problem(words[0] + " is there") : Problem();
    if (words[1] == "gone") {
        (void)files.remove(name);
        return {};
    }
    if (words[1] == "size" && words.size() > 2) {
        const auto octets = number_of(words[2]);
        if (!octets) return "no number: " + words[2];
        files.put(name, Bytes(static_cast<std::size_t>(*octets), 'x'));
        return {};
    }
    if (!words[1].starts_with("pki:")) return files.put(name, words[1]), Problem();
    const Bytes* content = from_pki(words[1].substr(4));
    if (content == nullptr) return "nothing of that name: " + words[1];
    files.put(name, *content);
    return {};
}

Problem fail_disk(TranscriptRun& run, const Words& words) {
    using modem::FileError;
    if (words[0] != "full" && words[0] != "broken" && words[0] != "unreadable")
        return "disk full, broken or unreadable";
    if (words[0] == "unreadable") return run.world.ufs.fail_read(FileError::input_output), Problem();
    run.world.ufs.fail_change(words[0] == "full" ? FileError::no_space : FileError::input_output);
    return {};
}

Problem lock_sim(TranscriptRun& run, const Words& words) {
    if (words[0] != "wanted") return "pin wanted";
    run.world.modem.network.set_sim(modem::Sim::pin_wanted);
    return {};
}

// --- the host's line ----------------------------------------------------------------------------------------------

Problem use_port(TranscriptRun& run, const Words& words) { return run.switch_port(words[0]); }

Problem set_dtr(TranscriptRun& run, const Words& words) {
    if (words[0] != "on" && words[0] != "off") return "dtr on or off";
    run.port().set_dtr(words[0] == "on");
    return {};
}

Problem hang_up(TranscriptRun& run, const Words&) { return run.port().hang_up(), Problem(); }

Problem set_reading(TranscriptRun& run, const Words& words) {
    if (words[0] != "reads" && words[0] != "stalls") return "host reads or stalls";
    run.port().reads = words[0] == "reads";
    run.allow(std::chrono::hours(24));  // how long the next answer takes is the host's doing
    return {};
}

Problem type(TranscriptRun& run, const Words& words) {
    const auto count = number_of(words[0]);
    if (!count) return "no number: " + words[0];
    Bytes octets;
    for (std::int64_t i = 0; i < *count; ++i) octets += words[1];
    run.port().send(octets);
    return {};
}

Problem paste(TranscriptRun& run, const Words& words) {
    const Bytes* pem = words[0].starts_with("pki:") ? from_pki(words[0].substr(4)) : nullptr;
    if (pem == nullptr) return "nothing of that name: " + words[0];
    const auto octets = as_pasted(*pem, {words.begin() + 1, words.end()});
    if (!octets) return "paste pki:NAME [crlf] [blanks] [open]";
    run.port().send(*octets);
    return {};
}

Problem look_at_unsent(TranscriptRun& run, const Words& words) {
    return unlike("unsent", words[0], run.port().unsent() > 0 ? "yes" : "no");
}

Problem expect_many(TranscriptRun& run, const Words& words) {
    const auto count = number_of(words[0]);
    if (!count) return "no number: " + words[0];
    Bytes octets;
    for (std::int64_t i = 0; i < *count; ++i) octets += words[1];
    return run.expect_octets(octets);
}

// Empties a TLS socket's buffer with AT+QSSLRECV, checks the framing of each answer, and how many octets came.
Problem read_all(TranscriptRun& run, const Words& words) {
    const auto wanted = number_of(words[1]);
    if (!wanted) return "no number: " + words[1];
    std::int64_t got = 0;
    while (got < *wanted) {
        run.port().send("AT+QSSLRECV=" + words[0] + ",1500\r");
        if (auto restless = run.settle()) return restless;
        const auto count = std::min<std::int64_t>(1500, *wanted - got);
        Bytes expected = run.port().session().line.echo ? "AT+QSSLRECV=" + words[0] + ",1500\r" : "";
        const auto size = run.count_after(expected + "\r\n+QSSLRECV: ");
        if (!size || *size < 1 || *size > count) return "no data after " + std::to_string(got) + " octets";
        expected += "\r\n+QSSLRECV: " + std::to_string(*size) + "\r\n" + Bytes(static_cast<std::size_t>(*size), 'x');
        if (auto problem = run.expect_octets(expected + "\r\n\r\nOK\r\n")) return problem;
        got += *size;
    }
    return {};
}

Problem look_at_line(TranscriptRun& run, const Words& words) {
    HostPort& port = run.port();
    port.look_at_lines();
    if (words[0] == "dcd") return unlike("dcd", words[1], port.dcd ? "on" : "off");
    if (words[0] == "ri") return unlike("ri", words[1], port.ri ? "on" : "off");
    if (words[0] == "rate") return unlike("rate", words[1], port.rate ? std::to_string(*port.rate) : "none");
    if (words[0] == "flow") {
        return unlike("flow", words[1], std::to_string(port.flow_by_host) + "," + std::to_string(port.flow_by_module));
    }
    return "line dcd, ri, rate or flow";
}

// --- the runner ---------------------------------------------------------------------------------------------------

Problem set_quirk(TranscriptRun& run, const Words& words) {
    const auto value = number_of(words[1]);
    for (const auto& quirk : at::all_quirks()) {
        if (quirk.name != words[0] || !value) continue;
        run.world.unit.quirks.*quirk.value = *value;
        return {};
    }
    return "no quirk or no number: " + words[0] + " " + words[1];
}

Problem allow(TranscriptRun& run, const Words& words) {
    const auto time = length_of(words[0]);
    if (!time) return "no duration: " + words[0];
    run.allow(*time);
    return {};
}

Problem look_at_log(TranscriptRun& run, const Words& words) {
    if (run.world.log.says(words[0])) return {};
    return "the log does not say: " + words[0];
}

constexpr Fixture fixtures[] = {
    {"server", 3, "server tcp|udp|tls|dtls HOST:PORT BEHAVIOUR [TEXT] [OPTION=VALUE …]", add_server},
    {"call", 3, "call tcp|udp FROM:PORT LOCALPORT [BEHAVIOUR]: a peer comes to the module", call_in},
    {"occupy", 1, "occupy LOCALPORT: it cannot be had", occupy},
    {"peer", 2, "peer HOST:PORT send|close|notify|fin|reset|pause|resume|raw|fill|expect|sni|… [TEXT]", use_peer},
    {"dns", 2, "dns NAME ADDRESS …|fail|broken|timeout", set_name},
    {"ping", 2, "ping ADDRESS TIME|timeout|unreachable", set_ping},
    {"ntp", 2, "ntp HOST:PORT TIME", add_time_server},
    {"latency", 1, "latency TIME", set_latency},
    {"window", 1, "window OCTETS", set_window},
    {"file", 2, "file [ram:]NAME CONTENT|pki:NAME|is CONTENT|absent|gone|size N", put_file},
    {"disk", 1, "disk full|broken|unreadable", fail_disk},
    {"pin", 1, "pin wanted: the SIM asks for its PIN", lock_sim},
    {"port", 1, "port NAME", use_port, true},
    {"dtr", 1, "dtr on|off", set_dtr},
    {"hangup", 0, "hangup", hang_up},
    {"host", 1, "host reads|stalls", set_reading},
    {"type", 2, "type COUNT TEXT: so many times", type},
    {"paste", 1, "paste pki:NAME [crlf] [blanks] [open]: as hosts send PEM", paste},
    {"secret", 2, "secret RAM:NAME|NVRAM:NAME pki:NAME: with AT+QSECWRITE", write_secret},
    {"received", 2, "received COUNT TEXT: so many times", expect_many, true},
    {"unsent", 1, "unsent yes|no: the modem has not taken all that the host sent", look_at_unsent, true},
    {"read-all", 2, "read-all ID COUNT: with AT+QSSLRECV, octets x", read_all},
    {"line", 2, "line dcd|ri on|off, line rate N, line flow N,N", look_at_line, true},
    {"quirk", 2, "quirk NAME VALUE", set_quirk},
    {"within", 1, "within TIME: the next answer may take so long", allow, true},
    {"log", 1, "log TEXT", look_at_log, true},
};

const Fixture* fixture_called(std::string_view name) {
    for (const auto& fixture : fixtures) {
        if (fixture.name == name) return &fixture;
    }
    return nullptr;
}

}  // namespace

bool passive_verb(const std::string& text) {
    const Fixture* fixture = fixture_called(text.substr(0, text.find(' ')));
    return fixture != nullptr && fixture->passive;
}

std::optional<std::string> run_verb(TranscriptRun& run, const std::string& text) {
    auto words = words_of(text);
    if (!words || words->empty()) return "no verb: " + text;
    const Fixture* fixture = fixture_called(words->front());
    if (fixture == nullptr) {
        const auto answer = control::run(run.world.unit, text);
        return answer ? std::nullopt : Problem(answer.error().text);
    }
    words->erase(words->begin());
    if (words->size() < fixture->least) return "usage: " + std::string(fixture->usage);
    return fixture->run(run, *words);
}

}  // namespace atls::test
