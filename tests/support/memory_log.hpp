// A log that a test can look into.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "base/log.hpp"

namespace atls::test {

class MemoryLog final : public Log {
public:
    struct Entry {
        Level level = Level::info;
        std::string where;
        std::string text;
        std::map<std::string, std::string> fields;
    };

    [[nodiscard]] bool enabled(Level) const override { return true; }
    void write(Level level, std::string_view where, std::string_view text,
               std::initializer_list<LogField> fields) override {
        Entry entry{level, std::string(where), std::string(text), {}};
        for (const LogField& field : fields) entry.fields[std::string(field.key)] = field.value;
        entries.push_back(std::move(entry));
    }

    [[nodiscard]] bool says(std::string_view part) const {
        return std::any_of(entries.begin(), entries.end(),
                           [&](const Entry& entry) { return entry.text.find(part) != std::string::npos; });
    }

    std::vector<Entry> entries;
};

}  // namespace atls::test
