// What the FILE commands share: names, numbers of failures, the one port that may be in a data phase.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "at/call.hpp"
#include "modem/open_files.hpp"

namespace atls::dialects::quectel {

inline constexpr std::string_view file_manual = "BG96 FILE V1.0";

/// The FILE commands' +CME ERROR numbers, as far as something here leads to them.
namespace file_error {
inline constexpr int beyond_end = 401;
inline constexpr int nothing_to_read = 402;
inline constexpr int not_found = 405;
inline constexpr int bad_name = 406;
inline constexpr int exists = 407;
inline constexpr int write_failed = 409;
inline constexpr int open_failed = 410;
inline constexpr int read_failed = 411;
inline constexpr int too_many_open = 413;
inline constexpr int read_only = 414;
inline constexpr int bad_handle = 416;
inline constexpr int delete_failed = 418;
inline constexpr int no_space = 420;
inline constexpr int timeout = 421;
inline constexpr int too_large = 423;
inline constexpr int already_open = 426;
}  // namespace file_error

/// The longest file name, and the same with the storage before it.
inline constexpr std::size_t longest_name = 80;
inline constexpr std::size_t longest_path = longest_name + 4;
/// What an upload without a size may bring, octets.
inline constexpr std::int64_t default_upload = 10240;

inline constexpr at::Text file_name = at::filled(at::Text{"filename", longest_path});
inline constexpr at::Int upload_timeout = at::opt(at::Int{"timeout", 1, 65535});

/// As modem::Volumes has it; nullopt: no name of a file of this module.
std::optional<std::string> stored_name(const at::Call& call, const std::string& path);
/// As the host sees it: with its storage before it where the module prints that.
std::string shown_name(const at::Call& call, const std::string& stored);
/// `otherwise`: the number for a disk that fails.
int number_of(modem::HandleFault fault, int otherwise);
int number_of(const modem::FileFailure& failure, int otherwise);
/// Of the storage that holds this file.
std::uint64_t free_octets(const at::Call& call, const std::string& name);
/// Only one port at a time may be in a FILE data phase.
bool data_port_taken(at::Call& call);
/// CONNECT, then at most `size` octets; +++, DTR and `timeout` idle seconds end it too.
at::Collect collect_upload(std::int64_t size, int timeout);

std::span<const at::Command> whole_file_commands();  ///< QFLDS QFLST QFUPL QFDWL QFDEL
std::span<const at::Command> open_file_commands();   ///< QFOPEN … QFCLOSE

}  // namespace atls::dialects::quectel
