#include "app/log.hpp"

#include <array>
#include <utility>

#include "app/json_text.hpp"
#include "base/bytes.hpp"

// Debian's libspdlog is compiled, with fmt of its own.
#ifndef SPDLOG_COMPILED_LIB
#define SPDLOG_COMPILED_LIB
#endif
#include <spdlog/details/null_mutex.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

namespace atls::app {

namespace {

struct Name {
    std::string_view word;
    Level level;
    spdlog::level::level_enum theirs;
};
constexpr std::array names{
    Name{"trace", Level::trace, spdlog::level::trace}, Name{"debug", Level::debug, spdlog::level::debug},
    Name{"info", Level::info, spdlog::level::info}, Name{"warning", Level::warning, spdlog::level::warn},
    Name{"error", Level::error, spdlog::level::err}};

spdlog::level::level_enum theirs(Level level) { return names[static_cast<std::size_t>(level)].theirs; }

class CallbackSink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
public:
    explicit CallbackSink(std::function<void(std::string_view)> callback) : callback_(std::move(callback)) {}

private:
    void sink_it_(const spdlog::details::log_msg& message) override {
        spdlog::memory_buf_t line;
        formatter_->format(message, line);
        callback_(std::string_view(line.data(), line.size()));
    }
    void flush_() override {}

    std::function<void(std::string_view)> callback_;
};

spdlog::sink_ptr make_sink(std::function<void(std::string_view)> callback) {
    if (callback) return std::make_shared<CallbackSink>(std::move(callback));
    return std::make_shared<spdlog::sinks::stderr_sink_st>();
}

/// What a peer put into a name must not look like another line, nor drive a terminal.
std::string one_line(std::string_view text) {
    std::string line;
    for (const char c : text) {
        const bool control = static_cast<unsigned char>(c) < 0x20 || c == '\x7F';
        line += control ? printable(BytesView(&c, 1)) : std::string(1, c);
    }
    return line;
}

std::string json_of(std::string_view where, std::string_view text, std::initializer_list<LogField> fields) {
    std::string json = "\"where\":" + json_string(where) + ",\"text\":" + json_string(text) + ",\"fields\":{";
    const char* separator = "";
    for (const LogField& field : fields) {
        json += separator + json_string(field.key) + ":" + json_string(field.value);
        separator = ",";
    }
    return json + "}";
}

const char* pattern(LogFormat format) {
    switch (format) {
        case LogFormat::text:
            return "%Y-%m-%dT%H:%M:%S.%eZ %l %v";
        case LogFormat::json:
            return R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})";
        case LogFormat::brief:
            return "# %l %v";
    }
    return "%v";
}

class SpdLog final : public Log {
public:
    SpdLog(LogSettings settings, std::function<void(std::string_view)> sink)
        : format_(settings.format), logger_("atls", make_sink(std::move(sink))) {
        logger_.set_level(settings.least ? theirs(*settings.least) : spdlog::level::off);
        logger_.flush_on(spdlog::level::trace);
        logger_.set_error_handler([](const std::string&) {});  // a log that cannot be written stops nothing
        logger_.set_formatter(
            std::make_unique<spdlog::pattern_formatter>(pattern(format_), spdlog::pattern_time_type::utc, "\n"));
    }

    [[nodiscard]] bool enabled(Level level) const override { return logger_.should_log(theirs(level)); }

    void write(Level level, std::string_view where, std::string_view text,
               std::initializer_list<LogField> fields) override {
        if (!enabled(level)) return;
        const std::string line =
            format_ == LogFormat::json ? json_of(where, text, fields) : std::string(where) + ": " + one_line(text);
        logger_.log(theirs(level), spdlog::string_view_t(line.data(), line.size()));
    }

private:
    LogFormat format_;
    spdlog::logger logger_;
};

}  // namespace

std::unique_ptr<Log> make_log(LogSettings settings, std::function<void(std::string_view line)> sink) {
    return std::make_unique<SpdLog>(settings, std::move(sink));
}

std::optional<Level> level_named(std::string_view name) {
    for (const Name& known : names) {
        if (known.word == name) return known.level;
    }
    return {};
}

}  // namespace atls::app
