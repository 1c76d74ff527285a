// FILE commands: what they share, and those on whole files.
#include "dialects/quectel/files.hpp"

#include <algorithm>
#include <memory>

#include "at/unit.hpp"
#include "codec/checksum.hpp"
#include "dialects/quectel/quectel.hpp"
#include "modem/volumes.hpp"

namespace atls::dialects::quectel {

using namespace at;
using modem::FileError;
using modem::HandleFault;

std::optional<std::string> stored_name(const Call& call, const std::string& path) {
    std::string name = modem::file_name_of(path);
    const std::string bare = call.modem().files.in_ram(name) ? name.substr(modem::ram_prefix.size()) : name;
    const bool good =
        !bare.empty() && bare.size() <= longest_name && std::none_of(bare.begin(), bare.end(), [](char c) {
            // A colon is left over from a storage that this module does not have.
            return static_cast<unsigned char>(c) < ' ' || c == '"' || c == ':';
        });
    return good ? std::optional(std::move(name)) : std::nullopt;
}

std::string shown_name(const Call& call, const std::string& stored) {
    if (call.quirks().file_names_show_storage == 0 || call.modem().files.in_ram(stored)) return stored;
    return "UFS:" + stored;
}

int number_of(HandleFault fault, int otherwise) {
    switch (fault) {
        case HandleFault::none:
            return 0;
        case HandleFault::bad_name:
            return file_error::bad_name;
        case HandleFault::not_found:
            return file_error::not_found;
        case HandleFault::already_open:
            return file_error::already_open;
        case HandleFault::too_many_open:
            return file_error::too_many_open;
        case HandleFault::unknown_handle:
            return file_error::bad_handle;
        case HandleFault::read_only:
            return file_error::read_only;
        case HandleFault::end_of_file:
            return file_error::nothing_to_read;
        case HandleFault::beyond_end:
            return file_error::beyond_end;
        case HandleFault::no_space:
            return file_error::no_space;
        case HandleFault::io_failed:
            return otherwise;
    }
    return otherwise;
}

int number_of(const modem::FileFailure& failure, int otherwise) {
    switch (failure.code) {
        case FileError::not_found:
            return file_error::not_found;
        case FileError::exists:
            return file_error::exists;
        case FileError::bad_name:
            return file_error::bad_name;
        case FileError::no_space:
            return file_error::no_space;
        case FileError::none:
        case FileError::input_output:
            return otherwise;
    }
    return otherwise;
}

std::uint64_t free_octets(const Call& call, const std::string& name) {
    const auto& files = call.modem().files.holder(name);
    return files.capacity() - std::min(files.capacity(), files.used());
}

bool data_port_taken(Call& call) { return call.unit.data_phase_elsewhere(call.session); }

Collect collect_upload(std::int64_t size, int timeout) {
    Collect collect;
    collect.invite = Collect::Invite::connect;
    collect.limit = static_cast<std::size_t>(size);
    collect.escape = true;
    collect.idle = std::chrono::seconds(timeout);
    return collect;
}

namespace {

constexpr std::size_t acknowledged_block = 1024;

constexpr Text storage = filled(Text{"name_pattern", 8});
constexpr Text pattern = filled(Text{"name_pattern", longest_path});
constexpr Int upload_size = opt(Int{"file_size", 1, 0xFFFFFFFF, "(1-<freesize>)"});
constexpr Flag acknowledged = opt(Flag{"ackmode"});

// --- QFLDS, QFLST ---------------------------------------------------------------------------------------------------

// All files of the one storage, and of the other.
constexpr std::string_view all_in_flash = "*";
constexpr std::string_view all_in_ram = "RAM:*";

// "UFS", "UFS:", "RAM" … to all in that storage; nullopt: the module has no such storage.
std::optional<std::string> name_within(const Call& c, std::string place) {
    if (!place.ends_with(':')) place += ':';
    if (equal_ignoring_case(place, "UFS:")) return std::string(all_in_flash);
    const bool ram = equal_ignoring_case(place, modem::ram_prefix) && c.modem().files.has_ram();
    return ram ? std::optional<std::string>(all_in_ram) : std::nullopt;
}

Reply show_space(Call& c) {
    const auto within = name_within(c, c[storage]);
    if (!within) return cme_error(c.dialect().errors->cme_bad_file_parameter);
    return info(line("+QFLDS: ", free_octets(c, *within), ",", c.modem().files.holder(*within).capacity()));
}

Reply show_use(Call& c) {
    const auto& ufs = c.modem().files.holder("*");
    return info(line("+QFLDS: ", ufs.used(), ",", ufs.list().size()));
}

std::string list_line(const Call& c, const std::string& name, std::uint64_t size) {
    return line("+QFLST: ", quoted(shown_name(c, name)), ",", size);
}

bool is_all(const Call& c, const std::string& name) {
    return name == all_in_flash || (c.modem().files.has_ram() && name == all_in_ram);
}

// Those in the storage that `which` is of.
std::vector<modem::FileInfo> files_of(const Call& c, std::string_view which) {
    const auto& volumes = c.modem().files;
    auto files = volumes.list();
    std::erase_if(files, [&](const auto& file) { return volumes.in_ram(file.name) != volumes.in_ram(which); });
    return files;
}

Reply list_all_of(Call& c, std::string_view which) {
    std::vector<std::string> lines;
    for (const auto& file : files_of(c, which)) lines.push_back(list_line(c, file.name, file.size));
    return info(std::move(lines));
}

Reply list_all(Call& c) { return list_all_of(c, all_in_flash); }

Reply list_files(Call& c) {
    const std::string name = modem::file_name_of(c[pattern]);
    if (is_all(c, name)) return list_all_of(c, name);
    const auto size = c.modem().files.size(name);
    return size ? info(list_line(c, name, *size)) : cme_error(file_error::not_found);
}

// --- QFUPL ----------------------------------------------------------------------------------------------------------

// `demanded`: so many octets had to come; fewer are kept and told, and then are an error.
Reply store_upload(modem::Modem& modem, const std::string& name, const Collected& got, std::size_t demanded) {
    const auto stored = modem.files.replace(name, got.data);
    if (!stored) return cme_error(number_of(stored.error(), file_error::write_failed));
    const bool short_of = got.end == End::timed_out && got.data.size() < demanded;
    return (short_of ? cme_error(file_error::timeout) : ok())
        .with(line("+QFUPL: ", got.data.size(), ",", codec::checksum_text(got.data)));
}

Reply upload_file(Call& c) {
    const auto name = stored_name(c, c[file_name]);
    if (!name) return cme_error(file_error::bad_name);
    if (c.modem().files.size(*name)) return cme_error(file_error::exists);
    const std::int64_t size = c.has(upload_size) ? c[upload_size] : default_upload;
    if (static_cast<std::uint64_t>(size) > c.modem().files.holder(*name).capacity()) {
        return cme_error(file_error::too_large);
    }
    if (static_cast<std::uint64_t>(size) > free_octets(c, *name)) return cme_error(file_error::no_space);
    if (data_port_taken(c)) return cme_error(file_error::open_failed);
    Collect collect = collect_upload(size, c.number_or(upload_timeout, 5));
    if (c.has(acknowledged) && c[acknowledged] == 1) collect.acknowledge_every = acknowledged_block;
    const bool strict = c.has(upload_size) && c.quirks().short_upload_is_error != 0;
    const std::size_t demanded = strict ? static_cast<std::size_t>(size) : 0;
    collect.done = [&modem = c.modem(), name = *name, demanded](Collected got) {
        return store_upload(modem, name, got, demanded);
    };
    return collect;
}

// --- QFDWL ----------------------------------------------------------------------------------------------------------

// Read piece by piece, so that a file of any size takes little memory.
struct Download {
    std::string name;
    std::uint64_t sent = 0;
    codec::Checksum sum;
    int failure = 0;

    Bytes next(const modem::Files& files, std::size_t most) {
        auto piece = files.read(name, sent, most);
        if (!piece) {
            failure = number_of(piece.error(), file_error::read_failed);
            return {};
        }
        sent += piece->size();
        sum.add(*piece);
        return std::move(*piece);
    }
};

// Broken off by +++ or DTR, it reports what was sent until then.
Reply download_file(Call& c) {
    const auto name = stored_name(c, c[file_name]);
    if (!name) return cme_error(file_error::bad_name);
    if (!c.modem().files.size(*name)) return cme_error(file_error::not_found);
    if (data_port_taken(c)) return cme_error(file_error::open_failed);
    const auto download = std::make_shared<Download>(Download{*name, 0, {}, 0});
    Stream stream;
    stream.header = "CONNECT";
    stream.escape = true;
    stream.more = [download, &files = c.modem().files](std::size_t most) { return download->next(files, most); };
    stream.done = [download](bool) {
        if (download->failure != 0) return cme_error(download->failure);
        return info(line("+QFDWL: ", download->sent, ",", download->sum.text()));
    };
    return stream;
}

// --- QFDEL ----------------------------------------------------------------------------------------------------------

int remove_file(Call& c, const std::string& name) {
    if (c.modem().open_files.is_open(name)) return file_error::delete_failed;
    const auto removed = c.modem().files.remove(name);
    return removed ? 0 : number_of(removed.error(), file_error::delete_failed);
}

Reply remove_all(Call& c, const std::string& which) {
    int failure = 0;
    for (const auto& file : files_of(c, which)) failure = std::max(failure, remove_file(c, file.name));
    return failure == 0 ? ok() : cme_error(failure);
}

Reply delete_file(Call& c) {
    if (const auto which = modem::file_name_of(c[file_name]); is_all(c, which)) return remove_all(c, which);
    const auto name = stored_name(c, c[file_name]);
    if (!name) return cme_error(file_error::bad_name);
    const int failure = remove_file(c, *name);
    return failure == 0 ? ok() : cme_error(failure);
}

constexpr Command rows[] = {
    {.name = "+QFLDS",
     .params = {&storage},
     .set = show_space,
     .execute = show_use,
     .test = TestForm::only_ok,
     .errors = Errors::file,
     .origin = manual(file_manual, "QFLDS")},
    {.name = "+QFLST",
     .params = {&pattern},
     .set = list_files,
     .execute = list_all,
     .test = TestForm::only_ok,
     .errors = Errors::file,
     .origin = manual(file_manual, "QFLST")},
    {.name = "+QFDEL",
     .params = {&file_name},
     .set = delete_file,
     .errors = Errors::file,
     .origin = manual(file_manual, "QFDEL")},
    {.name = "+QFUPL",
     .params = {&file_name, &upload_size, &upload_timeout, &acknowledged},
     .set = upload_file,
     .errors = Errors::file,
     .origin = manual(file_manual, "QFUPL")},
    {.name = "+QFDWL",
     .params = {&file_name},
     .set = download_file,
     .errors = Errors::file,
     .origin = manual(file_manual, "QFDWL")},
};

}  // namespace

std::span<const Command> whole_file_commands() { return rows; }

std::span<const Command> file_commands() {
    static const auto all = [] {
        std::vector<Command> joined(whole_file_commands().begin(), whole_file_commands().end());
        joined.insert(joined.end(), open_file_commands().begin(), open_file_commands().end());
        return joined;
    }();
    return all;
}

}  // namespace atls::dialects::quectel
