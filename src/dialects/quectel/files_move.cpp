// AT+QFMOV: moves or copies a file, within a storage or between two.
#include "at/unit.hpp"
#include "dialects/quectel/files.hpp"
#include "dialects/quectel/quectel.hpp"

namespace atls::dialects::quectel {

using namespace at;

namespace {

constexpr Text source = filled(Text{"src_filename", longest_path});
constexpr Text target = filled(Text{"dest_filename", longest_path});
constexpr Flag copy = opt(Flag{"copy"});
constexpr Flag overwrite = opt(Flag{"overwrite"});

// The copy is on the disk before the original goes: whatever happens in between, one of them is whole.
Reply move_file(Call& c) {
    const auto from = stored_name(c, c[source]);
    const auto to = stored_name(c, c[target]);
    if (!from || !to) return cme_error(file_error::bad_name);
    auto& files = c.modem().files;
    const auto size = files.size(*from);
    if (!size) return cme_error(file_error::not_found);
    if (*from == *to) return cme_error(file_error::exists);
    if (files.size(*to) && c.number_or(overwrite, 0) == 0) return cme_error(file_error::exists);
    const bool keep = c.number_or(copy, 0) == 1;
    const auto& open = c.modem().open_files;
    if (open.is_open(*to) || (!keep && open.is_open(*from))) return cme_error(file_error::already_open);

    const auto content = files.read(*from, 0, static_cast<std::size_t>(*size));
    if (!content) return cme_error(number_of(content.error(), file_error::read_failed));
    const auto written = files.replace(*to, *content);
    if (!written) return cme_error(number_of(written.error(), file_error::write_failed));
    if (keep) return ok();
    const auto removed = files.remove(*from);
    return removed ? ok() : cme_error(number_of(removed.error(), file_error::delete_failed));
}

constexpr Command rows[] = {
    {.name = "+QFMOV",
     .params = {&source, &target, &copy, &overwrite},
     .set = move_file,
     .errors = Errors::file,
     .origin = driver("EC2x hosts", "QFMOV")},
};

}  // namespace

std::span<const Command> file_move_commands() { return rows; }

}  // namespace atls::dialects::quectel
