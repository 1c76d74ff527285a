#include "app/listings.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "at/catalogue.hpp"
#include "dialects/all.hpp"
#include "tls/suites.hpp"

namespace atls::app {

namespace {

std::string padded(std::string text, std::size_t width) {
    text.resize(std::max(text.size() + 1, width), ' ');
    return text;
}

std::string suite_line(std::uint16_t number) {
    char code[8];
    std::snprintf(code, sizeof code, "0X%04X", static_cast<unsigned>(number));
    const tls::Suite* suite = tls::find_suite(number);
    if (suite == nullptr) return std::string(code) + "\n";
    std::string line = std::string(code) + "  " + padded(std::string(suite->name), 44);
    using tls::Version;
    static constexpr std::array versions{Version::ssl3,   Version::tls1_0,  Version::tls1_1,
                                         Version::tls1_2, Version::dtls1_0, Version::dtls1_2};
    const char* separator = "";
    for (const Version version : versions) {
        if (!suite->defined_for(version)) continue;
        line += separator + std::string(tls::name_of(version));
        separator = ", ";
    }
    return line + "\n";
}

}  // namespace

std::string modules_listing() {
    std::string text;
    for (const at::Dialect* module : dialects::all()) text += padded(module->name, 12) + module->documents + "\n";
    return text;
}

std::string suites_listing(const at::Dialect& dialect) {
    std::string text;
    for (const std::uint16_t number : dialect.profile.suites) text += suite_line(number);
    if (!dialect.profile.psk_suites.empty()) text += "with a PSK also:\n";
    for (const std::uint16_t number : dialect.profile.psk_suites) text += suite_line(number);
    return text;
}

std::string commands_listing(const at::Dialect& dialect) {
    std::string text;
    for (const at::CatalogueEntry& entry : at::catalogue(dialect)) {
        text += padded(entry.name, 40) + padded(entry.missing ? "missing" : entry.shape, 72) +
                at::words_of(entry.origin) + "\n";
    }
    return text;
}

}  // namespace atls::app
