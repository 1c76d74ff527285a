#include "dialects/hayes/hayes.hpp"

#include "at/unit.hpp"
#include "dialects/hayes/profile.hpp"

namespace atls::dialects::hayes {

using namespace at;

namespace {

// A basic command without a number means 0.
constexpr Flag on_off = opt(Flag{"value"});
constexpr Int only_zero = opt(Int{"value", 0, 0});
constexpr Int result_level = opt(Int{"value", 0, 4});
constexpr Int dtr = opt(Int{"value", 0, 2});
constexpr Int number{"n", 0, 255};
constexpr Int content = opt(Int{"value", 0, 255});
constexpr std::array<std::int64_t, 8> all_rates{9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600};
constexpr Int rate{"rate", all_rates, "(),(9600,19200,38400,57600,115200,230400,460800,921600)"};
constexpr std::array<std::int64_t, 2> flow_kinds{0, 2};
constexpr Int by_host{"dce_by_dte", flow_kinds};
constexpr Int by_module = opt(Int{"dte_by_dce", flow_kinds}, Brackets::no);
constexpr Int format{"format", 3, 3, "(3)"};
constexpr Int parity = opt(Int{"parity", 0, 3}, Brackets::no);
constexpr Int error_level = opt(Int{"n", 0, 2}, Brackets::no);

// The port's own signals follow once the OK has left.
Reply applied(Call& c) {
    c.session.after_result([&session = c.session] { session.apply_signals(); });
    return ok();
}

Reply applied_with_format(Call& c) {
    c.session.after_result([&session = c.session] {
        session.apply_signals();
        session.apply_format();
    });
    return ok();
}

template <bool LineProfile::*member>
Reply set_flag(Call& c) {
    c.line().*member = c[on_off] == 1;
    return ok();
}

Reply set_extended_results(Call& c) {
    c.line().extended_results = c.number(result_level);
    return ok();
}

Reply set_carrier(Call& c) {
    c.line().carrier_follows = c.number(on_off);
    return applied(c);
}

Reply set_dtr_action(Call& c) {
    c.line().dtr_action = c.number(dtr);
    return ok();
}

Reply reset_to_factory(Call& c) {
    reset_profile(c.unit, c.session);
    return applied_with_format(c);
}

Reply reset_to_stored(Call& c) {
    recall_profile(c.unit, c.session);
    return applied_with_format(c);
}

Reply store(Call& c) { return store_profile(c.unit, c.session) ? ok() : error(); }

Reply show_profile(Call& c) { return info(profile_lines(c.line())); }

Reply show_product(Call& c) {
    const auto& profile = c.modem().profile;
    return info(std::vector<std::string>{profile.manufacturer, profile.model, line("Revision: ", profile.revision)});
}

// There are no calls to hang up.
Reply hang_up(Call&) { return ok(); }

Reply resume_data(Call& c) {
    auto& sockets = c.modem().sockets;
    const auto id = sockets.latest_transparent(c.port());
    if (!id) return no_carrier();
    if (sockets.set_mode(*id, modem::AccessMode::transparent, c.port()) != modem::Fault::none) return no_carrier();
    return EnterTransparent{*id};
}

Reply set_register(Call& c) {
    const Register* one = find_register(c[number]);
    if (one == nullptr || c[content] < one->lowest || c[content] > one->highest) return error();
    c.line().*one->value = c.number(content);
    return ok();
}

Reply show_register(Call& c) {
    const Register* one = find_register(c[number]);
    if (one == nullptr) return error();
    std::string digits = std::to_string(c.line().*one->value);
    const auto width = static_cast<std::size_t>(c.quirks().register_digits);
    if (digits.size() < width) digits.insert(0, width - digits.size(), '0');
    return info(std::move(digits));
}

Reply set_rate(Call& c) {
    // The multiplexer's channels have no rate of their own.
    if (c.session.name().starts_with("cmux")) return error();
    c.line().rate = c[rate];
    c.session.set_rate_after_result(static_cast<unsigned>(c[rate]));
    return ok();
}
Reply show_rate(Call& c) { return info(line("+IPR: ", c.line().rate)); }

Reply set_flow(Call& c) {
    c.line().flow_in = c.number(by_host);
    c.line().flow_out = c.number_or(by_module, c.line().flow_out);
    return applied(c);
}
Reply show_flow(Call& c) { return info(line("+IFC: ", c.line().flow_in, ",", c.line().flow_out)); }

Reply set_format(Call& c) {
    c.line().format = c.number(format);
    c.line().parity = c.number_or(parity, c.line().parity);
    c.session.after_result([&session = c.session] { session.apply_format(); });
    return ok();
}
Reply show_format(Call& c) { return info(line("+ICF: ", c.line().format, ",", c.line().parity)); }

Reply set_error_reports(Call& c) {
    c.line().error_reports = c.number(error_level);
    return ok();
}
Reply show_error_reports(Call& c) { return info(line("+CMEE: ", c.line().error_reports)); }

constexpr Command basic(std::string_view name, const Param& param, Handler set, std::string_view clause) {
    return {.name = name, .params = {&param}, .set = set, .origin = standard("V.250", clause)};
}

constexpr Command rows[] = {
    basic("E", on_off, set_flag<&LineProfile::echo>, "6.2.4"),
    basic("Q", on_off, set_flag<&LineProfile::quiet>, "6.2.5"),
    basic("V", on_off, set_flag<&LineProfile::verbose>, "6.2.6"),
    basic("X", result_level, set_extended_results, "6.2.7"),
    basic("&C", on_off, set_carrier, "6.2.8"),
    basic("&D", dtr, set_dtr_action, "6.2.9"),
    basic("&F", only_zero, reset_to_factory, "6.1.2"),
    basic("Z", only_zero, reset_to_stored, "6.1.1"),
    {.name = "&W", .params = {&only_zero}, .set = store, .origin = manual("BG96 AT commands", "AT&W")},
    {.name = "&V", .params = {&only_zero}, .set = show_profile, .origin = manual("BG96 AT commands", "AT&V")},
    {.name = "I", .params = {&only_zero}, .set = show_product, .origin = trace("BG96MAR02A07M1G", "ATI")},
    basic("H", only_zero, hang_up, "6.3.6"),
    basic("O", only_zero, resume_data, "6.3.7"),
    {.name = "S",
     .params = {&number, &content},
     .set = set_register,
     .read = show_register,
     .origin = standard("V.250", "5.3.2")},
    // Neither calls nor PPP (ATD*99***1#): nobody answers.
    {.name = "D", .execute = [](Call&) { return no_carrier(); }, .origin = standard("V.250", "6.3.1"), .missing = true},
    {.name = "A", .origin = standard("V.250", "6.3.5"), .missing = true},
    {.name = "+IPR",
     .params = {&rate},
     .set = set_rate,
     .read = show_rate,
     .origin = manual("BG96 AT commands", "AT+IPR")},
    {.name = "+IFC",
     .params = {&by_host, &by_module},
     .set = set_flow,
     .read = show_flow,
     .origin = manual("BG96 AT commands", "AT+IFC")},
    {.name = "+ICF",
     .params = {&format, &parity},
     .set = set_format,
     .read = show_format,
     .origin = manual("BG96 AT commands", "AT+ICF")},
    {.name = "+CMEE",
     .params = {&error_level},
     .set = set_error_reports,
     .read = show_error_reports,
     .errors = Errors::general,
     .origin = standard("27.007", "9.1")},
};

}  // namespace

std::span<const std::int64_t> rates() { return all_rates; }

std::span<const Command> commands() { return rows; }

}  // namespace atls::dialects::hayes
