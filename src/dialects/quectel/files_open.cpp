// FILE commands on open files: QFOPEN, QFREAD, QFWRITE, QFSEEK, QFPOSITION, QFTUCAT, QFFLUSH, QFCLOSE.
#include <algorithm>
#include <memory>

#include "at/unit.hpp"
#include "dialects/quectel/files.hpp"

namespace atls::dialects::quectel {

using namespace at;
using modem::HandleFault;

namespace {

constexpr Int mode = opt(Int{"mode", 0, 2});
constexpr Int handle{"filehandle", 0, 0xFFFFFFFF, "<filehandle>"};
constexpr Int length = opt(Int{"length", 1, 0xFFFFFFFF, "<length>"});
constexpr Int write_timeout = opt(Int{"timeout", 1, 65535, "<timeout>"});
constexpr Int offset{"offset", 0, 0xFFFFFFFF, "<offset>"};
constexpr Int position = opt(Int{"position", 0, 2, "<position>"});

std::uint32_t handle_of(Call& c) { return static_cast<std::uint32_t>(c[handle]); }

Reply outcome(HandleFault fault, int otherwise) {
    return fault == HandleFault::none ? ok() : cme_error(number_of(fault, otherwise));
}

Reply open_file(Call& c) {
    const auto name = stored_name(c, c[file_name]);
    if (!name) return cme_error(file_error::bad_name);
    const auto opened = c.modem().open_files.open(*name, static_cast<modem::OpenMode>(c.number_or(mode, 0)));
    if (!opened) return cme_error(number_of(opened.error(), file_error::open_failed));
    return info(line("+QFOPEN: ", *opened));
}

Reply list_open(Call& c) {
    std::vector<std::string> lines;
    for (const auto& file : c.modem().open_files.all()) {
        lines.push_back(
            line("+QFOPEN: ", quoted(shown_name(c, file.name)), ",", file.handle, ",", static_cast<int>(file.mode)));
    }
    return info(std::move(lines));
}

// --- QFREAD ---------------------------------------------------------------------------------------------------------

// What CONNECT announced, read piece by piece.
struct Reading {
    std::uint32_t handle = 0;
    std::uint64_t left = 0;
    HandleFault fault = HandleFault::none;

    Bytes next(modem::OpenFiles& files, std::size_t most) {
        if (left == 0) return {};
        auto piece = files.read(handle, static_cast<std::size_t>(std::min<std::uint64_t>(most, left)));
        if (!piece) {
            fault = piece.error();
            left = 0;
            return {};
        }
        left -= piece->size();
        return std::move(*piece);
    }
};

Reply read_file(Call& c) {
    auto& files = c.modem().open_files;
    const auto* file = files.find(handle_of(c));
    if (file == nullptr) return cme_error(file_error::bad_handle);
    const std::uint64_t size = files.size(file->handle);
    if (file->position >= size) return cme_error(file_error::nothing_to_read);
    if (data_port_taken(c)) return cme_error(file_error::open_failed);
    std::uint64_t count = size - file->position;
    if (c.has(length)) count = std::min(count, static_cast<std::uint64_t>(c[length]));
    const auto reading = std::make_shared<Reading>(Reading{file->handle, count, HandleFault::none});
    Stream stream;
    stream.header = line("CONNECT ", count);
    stream.escape = true;
    stream.more = [reading, &files](std::size_t most) { return reading->next(files, most); };
    stream.done = [reading](bool) { return outcome(reading->fault, file_error::read_failed); };
    return stream;
}

// --- QFWRITE --------------------------------------------------------------------------------------------------------

Reply store_written(modem::OpenFiles& files, std::uint32_t to, const Bytes& data) {
    const auto size = files.write(to, data);
    if (!size) return cme_error(number_of(size.error(), file_error::write_failed));
    return info(line("+QFWRITE: ", data.size(), ",", *size));
}

// By how much the file would grow.
std::uint64_t growth(const modem::OpenFiles& files, const modem::OpenFiles::Entry& file, std::int64_t count) {
    const std::uint64_t end = file.position + static_cast<std::uint64_t>(count);
    const std::uint64_t size = files.size(file.handle);
    return end > size ? end - size : 0;
}

Reply write_file(Call& c) {
    auto& files = c.modem().open_files;
    const std::uint32_t to = handle_of(c);
    const HandleFault unfit = files.can_write(to);
    if (unfit != HandleFault::none) return cme_error(number_of(unfit, file_error::write_failed));
    const std::int64_t count = c.has(length) ? c[length] : default_upload;
    const auto& file = *files.find(to);
    const std::uint64_t more = growth(files, file, count);
    if (more > c.modem().files.holder(file.name).capacity()) return cme_error(file_error::too_large);
    if (more > free_octets(c, file.name)) return cme_error(file_error::no_space);
    if (data_port_taken(c)) return cme_error(file_error::open_failed);
    Collect collect = collect_upload(count, c.number_or(write_timeout, 5));
    collect.done = [&files, to](Collected got) { return store_written(files, to, got.data); };
    return collect;
}

// --- the rest -------------------------------------------------------------------------------------------------------

Reply seek_file(Call& c) {
    const auto from = static_cast<modem::SeekFrom>(c.number_or(position, 0));
    return outcome(c.modem().open_files.seek(handle_of(c), static_cast<std::uint64_t>(c[offset]), from),
                   file_error::read_failed);
}

Reply show_position(Call& c) {
    const auto* file = c.modem().open_files.find(handle_of(c));
    return file == nullptr ? cme_error(file_error::bad_handle) : info(line("+QFPOSITION: ", file->position));
}

Reply cut_file(Call& c) { return outcome(c.modem().open_files.truncate(handle_of(c)), file_error::write_failed); }

// Whatever was written is on the disk already.
Reply flush_file(Call& c) {
    return c.modem().open_files.find(handle_of(c)) == nullptr ? cme_error(file_error::bad_handle) : ok();
}

Reply close_file(Call& c) { return outcome(c.modem().open_files.close(handle_of(c)), file_error::write_failed); }

constexpr Command rows[] = {
    {.name = "+QFOPEN",
     .params = {&file_name, &mode},
     .set = open_file,
     .read = list_open,
     .errors = Errors::file,
     .origin = manual(file_manual, "QFOPEN")},
    {.name = "+QFREAD",
     .params = {&handle, &length},
     .set = read_file,
     .errors = Errors::file,
     .origin = manual(file_manual, "QFREAD")},
    {.name = "+QFWRITE",
     .params = {&handle, &length, &write_timeout},
     .set = write_file,
     .errors = Errors::file,
     .origin = manual(file_manual, "QFWRITE")},
    {.name = "+QFSEEK",
     .params = {&handle, &offset, &position},
     .set = seek_file,
     .errors = Errors::file,
     .origin = manual(file_manual, "QFSEEK")},
    {.name = "+QFPOSITION",
     .params = {&handle},
     .set = show_position,
     .errors = Errors::file,
     .origin = manual(file_manual, "QFPOSITION")},
    {.name = "+QFTUCAT",
     .params = {&handle},
     .set = cut_file,
     .errors = Errors::file,
     .origin = manual(file_manual, "QFTUCAT")},
    {.name = "+QFFLUSH", .params = {&handle}, .set = flush_file, .errors = Errors::file, .origin = driver("QSTM32")},
    {.name = "+QFCLOSE",
     .params = {&handle},
     .set = close_file,
     .errors = Errors::file,
     .origin = manual(file_manual, "QFCLOSE")},
};

}  // namespace

std::span<const Command> open_file_commands() { return rows; }

}  // namespace atls::dialects::quectel
