#include "unit/at/bench.hpp"

#include <gtest/gtest.h>

#include "at/unit.hpp"

namespace atls::at::test {

using namespace std::chrono_literals;

namespace {

constexpr Int number{"number", 0, 100000};
constexpr Int maybe = opt(Int{"maybe", 0, 100000});
constexpr Int optional_number = opt(Int{"number", 0, 9});
constexpr Int quiet_number = unlisted(opt(Int{"quiet", 0, 9}));
constexpr Text text = opt(Text{"text", 8});

Reply set_ok(Call&) { return ok(); }
Reply show_info(Call&) { return info(std::vector<std::string>{"+INFO: 1", "+INFO: 2"}); }

Reply final_of(Call& c) {
    switch (c[number]) {
        case 0:
            return error();
        case 1:
            return cme_error(50);
        case 2:
            return fault(modem::Fault::id_in_use);
        case 3:
            return words("DONE");
        case 4:
            return failed_words("BAD", 9);
        case 5:
            return silent();
        case 6:
            return cme_error(999);
        default:
            return ok();
    }
}

Reply wait_for_context(Call&) {
    return when<modem::ContextDeactivated>([](const auto& event) { return event.context == awaited_context; },
                                           [](const auto&) { return info("+WAIT: over"); });
}

Reply collected(const Collected& got) {
    static constexpr std::string_view ends[] = {"full", "terminated", "cancelled", "timed out", "escaped"};
    const auto end = ends[static_cast<std::size_t>(got.end)];
    return info(line("+GOT: ", got.data.size(), ",", to_hex(got.data.substr(0, 8)), ",", end));
}

Reply prompt(Call& c) {
    Collect collect;
    collect.limit = c.has(maybe) ? static_cast<std::size_t>(c[maybe]) : 20;
    collect.control_z = !c.has(maybe);
    collect.done = collected;
    return collect;
}

Reply upload(Call& c) {
    Collect collect;
    collect.invite = Collect::Invite::connect;
    collect.limit = static_cast<std::size_t>(c[number]);
    collect.escape = true;
    collect.idle = 5s;
    collect.acknowledge_every = static_cast<std::size_t>(c[maybe]);
    collect.done = collected;
    return collect;
}

Reply download(Call& c) {
    Stream stream;
    stream.header = line("CONNECT ", c[number]);
    stream.escape = c[maybe] != 0;
    stream.more = [left = static_cast<std::size_t>(c[number])](std::size_t most) mutable {
        const std::size_t now = std::min(most, left);
        left -= now;
        return Bytes(now, 'd');
    };
    stream.done = [](bool escaped) { return info(escaped ? "+DOWN: escaped" : "+DOWN: all"); };
    return stream;
}

Reply transparent(Call& c) {
    const int id = c.number(number);
    if (c.modem().sockets.set_mode(id, modem::AccessMode::transparent, c.port()) != modem::Fault::none) {
        return no_carrier();
    }
    return EnterTransparent{id};
}

Reply open_socket(Call& c) {
    modem::OpenRequest request;
    request.id = c.number(number);
    request.host = "echo.example";
    request.port = 7;
    request.owner = c.port();
    c.modem().sockets.open(request);
    return ok();
}

template <auto member>
Reply set_line(Call& c) {
    using Type = std::remove_cvref_t<decltype(c.line().*member)>;
    c.line().*member = static_cast<Type>(c[optional_number]);
    return ok();
}

Reply show_key(Call& c) { return info(line("+KEYS: ", quoted(c.key->name), ",", c[number])); }
Reply ask_pem(Call& c) { return prompt(c); }

constexpr Key keys[] = {
    {"plain", {&number, &maybe, &text, &quiet_number}, 1, set_ok, show_key, guess(), false, nullptr},
    {"hidden", {&number, &maybe}, 1, set_ok, show_key, guess(), true, nullptr},
    {"queryless", {&number, &maybe}, 1, set_ok, nullptr, guess(), false, nullptr},
    {"asks", {&number}, 1, nullptr, nullptr, guess(), false, ask_pem},
    {.name = "gone", .missing = true},
};

constexpr Command rows[] = {
    {.name = "+OK", .params = {&maybe}, .set = set_ok, .read = set_ok, .execute = set_ok, .origin = guess()},
    {.name = "+INFO", .execute = show_info, .origin = guess()},
    {.name = "+FINAL", .params = {&number}, .set = final_of, .errors = Errors::socket, .origin = guess()},
    {.name = "+GENERAL", .params = {&number}, .set = set_ok, .errors = Errors::general, .origin = guess()},
    {.name = "+FILE", .params = {&number}, .set = set_ok, .errors = Errors::file, .origin = guess()},
    {.name = "+PLAIN", .params = {&number}, .set = set_ok, .test = TestForm::only_ok, .origin = guess()},
    {.name = "+NOTEST", .execute = set_ok, .test = TestForm::none, .origin = guess()},
    {.name = "+WAIT", .execute = wait_for_context, .origin = guess()},
    {.name = "+PROMPT", .params = {&maybe}, .set = prompt, .execute = prompt, .origin = guess()},
    {.name = "+UPLOAD", .params = {&number, &maybe}, .set = upload, .origin = guess()},
    {.name = "+DOWN", .params = {&number, &maybe}, .set = download, .origin = guess()},
    {.name = "+TRANS", .params = {&number}, .set = transparent, .origin = guess()},
    {.name = "+OPEN", .params = {&number}, .set = open_socket, .origin = guess()},
    {.name = "+KEYS", .keys = keys, .errors = Errors::general, .origin = guess()},
    {.name = "+MISSING", .origin = guess(), .missing = true},
    {.name = "E", .params = {&optional_number}, .set = set_line<&LineProfile::echo>, .origin = guess()},
    {.name = "Q", .params = {&optional_number}, .set = set_line<&LineProfile::quiet>, .origin = guess()},
    {.name = "V", .params = {&optional_number}, .set = set_line<&LineProfile::verbose>, .origin = guess()},
    {.name = "&D", .params = {&optional_number}, .set = set_line<&LineProfile::dtr_action>, .origin = guess()},
    {.name = "+CMEE",
     .params = {&number},
     .set =
         [](Call& c) {
             c.line().error_reports = c.number(number);
             return ok();
         },
     .origin = guess()},
};

UrcTexts lost(const modem::ContextLost& event, Unit&) { return urc(line("+LOST: ", event.context)); }
UrcTexts signal(const modem::SignalChanged&, Unit&) { return urc("+SIGNAL"); }
UrcTexts readable(const modem::SocketReadable& event, Unit& unit) {
    const auto info = unit.modem.sockets.info(event.id);
    if (!info || info->mode == modem::AccessMode::transparent) return {};
    return urc(line("+RECV: ", event.id));
}
UrcTexts closed(const modem::SocketClosed& event, Unit&) { return urc(line("+CLOSED: ", event.id)); }
// One event with three texts, the data of each behind its head.
UrcTexts pieces(const modem::ZoneChanged& event, Unit& unit) {
    auto& left = unit.state<int>();
    if (left == 0) left = event.zone_quarters;
    --left;
    return {UrcText{line("+PIECE: ", left), "data", left > 0}};
}

constexpr Urc urc_rows[] = {
    on<modem::ContextLost, lost>("+LOST", guess()),        on<modem::SignalChanged, signal>("+SIGNAL", guess()),
    on<modem::SocketReadable, readable>("+RECV", guess()), on<modem::SocketClosed, closed>("+CLOSED", guess()),
    on<modem::ZoneChanged, pieces>("+PIECE", guess()),
};

const ErrorMap errors{[](modem::Fault fault) { return static_cast<int>(fault); },
                      [](int) -> std::string_view { return "text"; },
                      [](int code) -> std::string_view { return code == 50 ? "Incorrect parameters" : ""; }, 50, 400};

}  // namespace

const Dialect& bench_dialect() {
    static const Dialect dialect = [] {
        Dialect d;
        d.name = "BENCH";
        d.tables = {rows};
        d.urcs = {urc_rows};
        d.errors = &errors;
        d.quirks.longest_line = 100;
        return d;
    }();
    return dialect;
}

Bench::Bench(atls::test::Pieces pieces)
    : world(bench_dialect(), atls::test::memory_ports(pieces)), host(world.port("uart1")), session(host.session()) {
    world.net.serve_echo("echo.example", 7, modem::Transport::tcp);
    world.modem.contexts.activate(1);
    world.settle();
}

Bytes Bench::hear() {
    EXPECT_TRUE(world.settle());
    return host.take_received();
}

Bytes Bench::say(BytesView octets) {
    host.send(octets);
    return hear();
}

Bytes Bench::ask(const std::string& command) {
    Bytes got = say(command + "\r");
    if (session.line.echo && got.starts_with(command + "\r")) got.erase(0, command.size() + 1);
    return got;
}

Bytes Bench::wait(Duration by) {
    EXPECT_TRUE(world.advance(by));
    return host.take_received();
}

void Bench::open(int id) {
    EXPECT_EQ(ask(line("AT+OPEN=", id)), "\r\nOK\r\n");
    const auto info = world.modem.sockets.info(id);
    ASSERT_TRUE(info.has_value());
    ASSERT_EQ(info->state, modem::SocketState::connected);
}

}  // namespace atls::at::test
