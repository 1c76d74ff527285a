// Where causes go. The modem answers 566; the log says why, as text or as fields.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace atls {

enum class Level { trace, debug, info, warning, error };

struct LogField {
    std::string_view key;
    std::string value;
};

class Log {
public:
    virtual ~Log() = default;
    [[nodiscard]] virtual bool enabled(Level level) const = 0;
    /// `where`: the part that speaks ("tls", "socket", "files"). `text` stands alone; fields repeat its facts for
    /// machines.
    virtual void write(Level level, std::string_view where, std::string_view text,
                       std::initializer_list<LogField> fields) = 0;
};

/// Drops everything. For tests and for callers without a log.
Log& no_log();

}  // namespace atls
