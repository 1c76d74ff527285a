// What hosts set about short messages before they know whether they need any, by 27.005: CMGF CNMI CPMS CSCA. Checked,
// kept and shown; there are no messages, and no room for one. +CMS ERROR is not built: what is refused is ERROR.
#include "at/unit.hpp"
#include "dialects/threegpp/threegpp.hpp"
#include "dialects/threegpp/topics.hpp"

namespace atls::dialects::threegpp {

using namespace at;

namespace {

constexpr Flag format = opt(Flag{"mode"}, Brackets::no);

Reply show_format(Call& c) { return info(line("+CMGF: ", c.modem().option("CMGF", "0"))); }
Reply set_format(Call& c) {
    c.modem().set_option("CMGF", std::to_string(c[format]), false);
    return ok();
}

// --- which messages would be announced ------------------------------------------------------------------------------

constexpr std::array<std::int64_t, 2> broadcast_modes{0, 2};
constexpr Int mode = opt(Int{"mode", 0, 2}, Brackets::no);
constexpr Int delivered = opt(Int{"mt", 0, 3}, Brackets::no);
constexpr Int broadcast = opt(Int{"bm", broadcast_modes}, Brackets::no);
constexpr Int reports = opt(Int{"ds", 0, 2}, Brackets::no);
constexpr Flag flushed = opt(Flag{"bfr"}, Brackets::no);
constexpr const Int* announcements[] = {&mode, &delivered, &broadcast, &reports, &flushed};

std::string announcement(const Call& c, const Int& param) {
    return c.modem().option(line("CNMI/", param.name), &param == &mode ? "2" : &param == &delivered ? "1" : "0");
}

Reply show_announcements(Call& c) {
    std::string values;
    for (const Int* param : announcements) values += line(values.empty() ? "" : ",", announcement(c, *param));
    return info(line("+CNMI: ", values));
}

// What is left out stays as it was.
Reply set_announcements(Call& c) {
    for (const Int* param : announcements) {
        if (c.has(*param)) c.modem().set_option(line("CNMI/", param->name), std::to_string(c[*param]), false);
    }
    return ok();
}

// --- where they would be stored -------------------------------------------------------------------------------------

constexpr std::string_view memories = "(\"ME\",\"SM\")";
constexpr Text read_from{"mem1", 2, memories};
constexpr Text written_to = opt(Text{"mem2", 2, memories}, Brackets::no);
constexpr Text received_into = opt(Text{"mem3", 2, memories}, Brackets::no);
constexpr const Text* places[] = {&read_from, &written_to, &received_into};

Reply show_places(Call& c) {
    std::string text;
    for (const Text* place : places) {
        const std::string name = c.modem().option(line("CPMS/", place->name), "ME");
        text += line(text.empty() ? "" : ",", quoted(name), ",0,0");
    }
    return info(line("+CPMS: ", text));
}

Reply set_places(Call& c) {
    std::array<std::string, std::size(places)> names;
    for (std::size_t i = 0; i < std::size(places); ++i) {
        for (const char one : c[*places[i]]) names[i].push_back(ascii_upper(one));
        if (c.has(*places[i]) && memories.find(quoted(names[i])) == std::string_view::npos) return error();
    }
    for (std::size_t i = 0; i < std::size(places); ++i) {
        if (c.has(*places[i])) c.modem().set_option(line("CPMS/", places[i]->name), names[i], false);
    }
    return info("+CPMS: 0,0,0,0,0,0");
}

// --- the service centre ---------------------------------------------------------------------------------------------

constexpr Text centre{"sca", 21};
constexpr Int kind_of_number = opt(Int{"tosca", 128, 255});
constexpr std::int64_t national = 129;
constexpr std::int64_t international = 145;

Reply show_centre(Call& c) { return info(line("+CSCA: ", c.modem().option("CSCA", "\"\",129"))); }

Reply set_centre(Call& c) {
    const std::string& number = c[centre];
    const bool plus = number.starts_with('+');
    if (number.find_first_not_of("0123456789", plus ? 1 : 0) != std::string::npos) return error();
    const std::int64_t kind = c.has(kind_of_number) ? c[kind_of_number] : plus ? international : national;
    c.modem().set_option("CSCA", line(quoted(number), ",", kind), true);
    return ok();
}

constexpr Command rows[] = {
    {.name = "+CMGF",
     .params = {&format},
     .set = set_format,
     .read = show_format,
     .origin = standard("27.005", "3.2.3")},
    {.name = "+CNMI",
     .params = {&mode, &delivered, &broadcast, &reports, &flushed},
     .set = set_announcements,
     .read = show_announcements,
     .origin = standard("27.005", "3.4.1")},
    {.name = "+CPMS",
     .params = {&read_from, &written_to, &received_into},
     .set = set_places,
     .read = show_places,
     .origin = standard("27.005", "3.2.2; room for none")},
    {.name = "+CSCA",
     .params = {&centre, &kind_of_number},
     .set = set_centre,
     .read = show_centre,
     .test = TestForm::only_ok,
     .origin = standard("27.005", "3.3.1")},
};

}  // namespace

std::span<const Command> message_commands() { return rows; }

}  // namespace atls::dialects::threegpp
