// Certificates and keys of the GSM modules: QSECWRITE, QSECREAD, QSECDEL. Nothing reads a secret back.
#include "modem/secrets.hpp"

#include <algorithm>

#include "codec/checksum.hpp"
#include "dialects/gsm/gsm.hpp"
#include "modem/volumes.hpp"

namespace atls::dialects::gsm {

using namespace at;
using modem::FileError;

namespace {

constexpr std::int64_t most_in_ram = 32768;
constexpr std::int64_t most_in_nvram = 2025;
constexpr std::size_t longest_name = 64;
constexpr int default_seconds = 100;
constexpr std::string_view nvram_names[] = {"CA0", "CA1", "CC0", "CK0"};

constexpr Text file_name{"filename", 80};
constexpr Int file_size{"filesize", 1, most_in_ram, "<filesize>"};
constexpr Int timeout = opt(Int{"timeout", 3, 200, "(3,200)"});
// Sent by hosts, and no more than taken.
constexpr Int ignored = unlisted(opt(Int{"ignored", 0, 65535}));

// As it is stored, with the prefix in capitals; nullopt: no such name is possible.
std::optional<std::string> stored_name(const std::string& given) {
    const auto colon = given.find(':');
    if (colon == std::string::npos) return std::nullopt;
    const std::string name = given.substr(colon + 1);
    if (equal_ignoring_case(given.substr(0, colon + 1), modem::ram_prefix)) {
        const bool good = !name.empty() && name.size() <= longest_name && name.find(':') == std::string::npos;
        return good ? std::optional(std::string(modem::ram_prefix) + name) : std::nullopt;
    }
    if (!equal_ignoring_case(given.substr(0, colon + 1), modem::nvram_prefix)) return std::nullopt;
    for (const auto known : nvram_names) {
        if (equal_ignoring_case(name, known)) return std::string(modem::nvram_prefix) + std::string(known);
    }
    return std::nullopt;
}

int number_of(FileError error) {
    switch (error) {
        case FileError::not_found:
            return cme::not_found;
        case FileError::exists:
            return cme::exists;
        case FileError::no_space:
            return cme::memory_full;
        case FileError::bad_name:
            return cme::invalid_input;
        case FileError::none:
        case FileError::input_output:
            return cme::memory_failure;
    }
    return cme::memory_failure;
}

Reply refused(Call& c, const modem::FileFailure& failure) {
    c.modem().log.write(Level::warning, "secrets", failure.text, {{"command", std::string(c.command.name)}});
    return cme_error(number_of(failure.code));
}

Reply write_secret(Call& c) {
    const auto name = stored_name(c[file_name]);
    const bool in_nvram = name && name->starts_with(modem::nvram_prefix);
    if (!name || c[file_size] > (in_nvram ? most_in_nvram : most_in_ram)) return cme_error(cme::invalid_input);
    if (c.modem().secrets.size(*name)) return cme_error(cme::exists);
    Collect collect;
    collect.invite = Collect::Invite::connect;
    collect.limit = static_cast<std::size_t>(c[file_size]);
    collect.escape = true;
    collect.idle = std::chrono::seconds(c.number_or(timeout, default_seconds));
    collect.secret = true;
    // Whatever ends it, what came is stored and told.
    collect.done = [&modem = c.modem(), name = *name](Collected got) {
        const auto stored = modem.secrets.replace(name, got.data);
        const std::string told = line("+QSECWRITE: ", got.data.size(), ",", codec::checksum_text(got.data));
        wipe(got.data);
        if (stored) return info(told);
        modem.log.write(Level::warning, "secrets", stored.error().text, {{"command", "+QSECWRITE"}});
        return cme_error(number_of(stored.error().code));
    };
    return collect;
}

Reply check_secret(Call& c) {
    const auto name = stored_name(c[file_name]);
    if (!name) return cme_error(cme::invalid_input);
    const auto check = c.modem().secrets.check(*name);
    if (!check) return refused(c, check.error());
    return info(line("+QSECREAD: ", check->good ? 1 : 0, ",", check->checksum));
}

Reply delete_secret(Call& c) {
    const auto name = stored_name(c[file_name]);
    if (!name) return cme_error(cme::invalid_input);
    const auto removed = c.modem().secrets.remove(*name);
    return removed ? ok() : refused(c, removed.error());
}

Reply nothing_to_read(Call&) { return ok(); }

constexpr Command rows[] = {
    {.name = "+QSECWRITE",
     .params = {&file_name, &file_size, &timeout, &ignored},
     .set = write_secret,
     .read = nothing_to_read,
     .test = TestForm::handler,
     .test_handler = [](Call&) { return info("+QSECWRITE: <filename>,<filesize>[,(3,200)]"); },
     .errors = Errors::file,
     .origin = note(ssl_note, "2.2.7")},
    {.name = "+QSECREAD",
     .params = {&file_name},
     .set = check_secret,
     .read = nothing_to_read,
     .errors = Errors::file,
     .origin = note(ssl_note, "2.2.8")},
    {.name = "+QSECDEL",
     .params = {&file_name},
     .set = delete_secret,
     .read = nothing_to_read,
     .errors = Errors::file,
     .origin = note(ssl_note, "2.2.9")},
};

}  // namespace

std::span<const Command> secret_commands() { return rows; }

}  // namespace atls::dialects::gsm
