#include "app/config_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "loop/fd.hpp"
#include "loop/words.hpp"

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

namespace atls::app {

namespace {

std::string place(const std::string& path, const toml::source_region& source) {
    return path + ":" + std::to_string(source.begin.line) + ":" + std::to_string(source.begin.column) + ": ";
}

std::string known_keys() {
    std::string text = "seed";
    for (const TextOption& option : text_options) text += std::string(", ") + option.name;
    for (const PairOption& option : pair_options) text += std::string(", [") + option.name + "]";
    return text;
}

class Reader {
public:
    explicit Reader(const std::string& path) : path_(path) {}

    Result<Options, StartFailure> read(const toml::table& file) {
        for (const auto& [key, value] : file) {
            if (!take(key, value)) return StartFailure{wrong_};
        }
        return options_;
    }

private:
    bool take(const toml::key& key, const toml::node& value) {
        if (key.str() == "seed") return take_seed(value);
        for (const TextOption& option : text_options) {
            if (key.str() == option.name) return take_text(key, value, options_.*option.value);
        }
        for (const PairOption& option : pair_options) {
            if (key.str() == option.name) return take_pairs(key, value, options_.*option.values);
        }
        return fail(key.source(), "unknown key \"" + std::string(key.str()) + "\"; there are " + known_keys());
    }

    bool take_seed(const toml::node& value) {
        const auto seed = value.value_exact<std::int64_t>();
        if (!seed || *seed < 0) return fail(value.source(), "seed must be a number of 0 or more");
        options_.seed = static_cast<std::uint64_t>(*seed);
        return true;
    }

    bool take_text(const toml::key& key, const toml::node& value, std::optional<std::string>& into) {
        into = value.value_exact<std::string>();
        return into || fail(value.source(), std::string(key.str()) + " must be a string");
    }

    bool take_pairs(const toml::key& key, const toml::node& value, std::vector<NameValue>& into) {
        const toml::table* table = value.as_table();
        if (table == nullptr) return fail(value.source(), std::string(key.str()) + " must be a table");
        for (const auto& [name, text] : *table) {
            NameValue pair{std::string(name.str()), {}};
            if (const auto number = text.value_exact<std::int64_t>()) {
                pair.value = std::to_string(*number);
            } else if (const auto words = text.value_exact<std::string>()) {
                pair.value = *words;
            } else {
                return fail(text.source(), pair.name + " must be a string or a number");
            }
            into.push_back(std::move(pair));
        }
        return true;
    }

    bool fail(const toml::source_region& where, const std::string& what) {
        wrong_ = place(path_, where) + what;
        return false;
    }

    const std::string& path_;
    Options options_;
    std::string wrong_;
};

}  // namespace

Result<Options, StartFailure> parse_config(const std::string& text, const std::string& path) {
    const toml::parse_result parsed = toml::parse(text, path);
    if (!parsed) {
        return StartFailure{place(path, parsed.error().source()) + std::string(parsed.error().description())};
    }
    return Reader(path).read(parsed.table());
}

Result<Options, StartFailure> read_config(const std::string& path) {
    const loop::Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    std::string text;
    std::array<char, 4096> buffer{};
    ssize_t count = file ? 0 : -1;
    while (file && (count = ::read(file.get(), buffer.data(), buffer.size())) > 0) {
        text.append(buffer.data(), static_cast<std::size_t>(count));
    }
    if (count < 0) return StartFailure{path + ": cannot be read: " + loop::words_of(errno)};
    return parse_config(text, path);
}

}  // namespace atls::app
