// FILE commands: what they share, and those on whole files.
#include "dialects/quectel/files.hpp"

#include <algorithm>
#include <memory>

#include "at/unit.hpp"
#include "codec/checksum.hpp"
#include "dialects/quectel/quectel.hpp"
#include "modem/ssl_context.hpp"

namespace atls::dialects::quectel {

using namespace at;
using modem::FileError;
using modem::HandleFault;

std::optional<std::string> stored_name(const std::string& path) {
    std::string name = modem::ufs_name(path);
    const bool good =
        !name.empty() && name.size() <= longest_name && std::none_of(name.begin(), name.end(), [](char c) {
            // A colon is left over from a storage that this module does not have.
            return static_cast<unsigned char>(c) < ' ' || c == '"' || c == ':';
        });
    return good ? std::optional(std::move(name)) : std::nullopt;
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

std::uint64_t free_octets(Call& call) {
    const auto& ufs = call.modem().ufs;
    return ufs.capacity() - std::min(ufs.capacity(), ufs.used());
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

Reply show_space(Call& c) {
    if (!equal_ignoring_case(c[storage], "UFS") && !equal_ignoring_case(c[storage], "UFS:")) {
        return cme_error(file_error::invalid_input);
    }
    return info(line("+QFLDS: ", free_octets(c), ",", c.modem().ufs.capacity()));
}

Reply show_use(Call& c) {
    const auto& ufs = c.modem().ufs;
    return info(line("+QFLDS: ", ufs.used(), ",", ufs.list().size()));
}

std::string list_line(const std::string& name, std::uint64_t size) { return line("+QFLST: ", quoted(name), ",", size); }

Reply list_all(Call& c) {
    std::vector<std::string> lines;
    for (const auto& file : c.modem().ufs.list()) lines.push_back(list_line(file.name, file.size));
    return info(std::move(lines));
}

Reply list_files(Call& c) {
    const std::string name = modem::ufs_name(c[pattern]);
    if (name == "*") return list_all(c);
    const auto size = c.modem().ufs.size(name);
    return size ? info(list_line(name, *size)) : cme_error(file_error::not_found);
}

// --- QFUPL ----------------------------------------------------------------------------------------------------------

Reply store_upload(modem::Modem& modem, const std::string& name, const Bytes& data) {
    const auto stored = modem.ufs.replace(name, data);
    if (!stored) return cme_error(number_of(stored.error(), file_error::write_failed));
    return info(line("+QFUPL: ", data.size(), ",", codec::checksum_text(data)));
}

// A short upload is kept and is no error on a BG96.
Reply upload_file(Call& c) {
    const auto name = stored_name(c[file_name]);
    if (!name) return cme_error(file_error::bad_name);
    if (c.modem().ufs.size(*name)) return cme_error(file_error::exists);
    const std::int64_t size = c.has(upload_size) ? c[upload_size] : default_upload;
    if (static_cast<std::uint64_t>(size) > c.modem().ufs.capacity()) return cme_error(file_error::too_large);
    if (static_cast<std::uint64_t>(size) > free_octets(c)) return cme_error(file_error::no_space);
    if (data_port_taken(c)) return cme_error(file_error::open_failed);
    Collect collect = collect_upload(size, c.number_or(upload_timeout, 5));
    if (c.has(acknowledged) && c[acknowledged] == 1) collect.acknowledge_every = acknowledged_block;
    collect.done = [&modem = c.modem(), name = *name](Collected got) { return store_upload(modem, name, got.data); };
    return collect;
}

// --- QFDWL ----------------------------------------------------------------------------------------------------------

// Read piece by piece, so that a file of any size takes little memory.
struct Download {
    std::string name;
    std::uint64_t sent = 0;
    codec::Checksum sum;
    int failure = 0;

    Bytes next(const modem::Files& ufs, std::size_t most) {
        auto piece = ufs.read(name, sent, most);
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
    const auto name = stored_name(c[file_name]);
    if (!name) return cme_error(file_error::bad_name);
    if (!c.modem().ufs.size(*name)) return cme_error(file_error::not_found);
    if (data_port_taken(c)) return cme_error(file_error::open_failed);
    const auto download = std::make_shared<Download>(Download{*name, 0, {}, 0});
    Stream stream;
    stream.header = "CONNECT";
    stream.escape = true;
    stream.more = [download, &ufs = c.modem().ufs](std::size_t most) { return download->next(ufs, most); };
    stream.done = [download](bool) {
        if (download->failure != 0) return cme_error(download->failure);
        return info(line("+QFDWL: ", download->sent, ",", download->sum.text()));
    };
    return stream;
}

// --- QFDEL ----------------------------------------------------------------------------------------------------------

int remove_file(Call& c, const std::string& name) {
    if (c.modem().open_files.is_open(name)) return file_error::delete_failed;
    const auto removed = c.modem().ufs.remove(name);
    return removed ? 0 : number_of(removed.error(), file_error::delete_failed);
}

Reply remove_all(Call& c) {
    int failure = 0;
    for (const auto& file : c.modem().ufs.list()) failure = std::max(failure, remove_file(c, file.name));
    return failure == 0 ? ok() : cme_error(failure);
}

Reply delete_file(Call& c) {
    if (modem::ufs_name(c[file_name]) == "*") return remove_all(c);
    const auto name = stored_name(c[file_name]);
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
    {.name = "+QFMOV", .origin = driver("EC2x hosts", "not in the BG96 manual"), .missing = true},
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
