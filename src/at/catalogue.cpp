#include "at/catalogue.hpp"

namespace atls::at {

namespace {

CatalogueEntry form_entry(const Command& row, Form form, std::string shape) {
    return {entry_name(row, form, nullptr, false), std::move(shape), row.origin, row.missing, false};
}

std::string placeholders(std::span<const Param* const> params) {
    std::string text;
    std::string closing;
    for (const Param* param : params) {
        if (param->optional) {
            text += '[';
            closing += ']';
        }
        if (param != params.front()) text += ',';
        text += "<" + std::string(param->name) + ">";
    }
    return text + closing;
}

void add_keys(const Command& row, std::vector<CatalogueEntry>& entries) {
    for (const auto& key : row.keys) {
        const auto params = used(key.params);
        const std::string start = line("AT", row.name, "=", quoted(key.name));
        const auto index = params.first(key.index_params);
        const std::string query = index.empty() ? start : start + "," + placeholders(index);
        const Origin origin = key.origin.document.empty() ? row.origin : key.origin;
        if (key.query != nullptr || key.prompt != nullptr) {
            entries.push_back({entry_name(row, Form::set, &key, true), query, origin, false, key.hidden});
        }
        if (key.set != nullptr) {
            entries.push_back({entry_name(row, Form::set, &key, false), start + "," + placeholders(params), origin,
                               false, key.hidden});
        }
    }
}

void add_row(const Command& row, std::vector<CatalogueEntry>& entries) {
    const std::string start = line("AT", row.name);
    if (row.missing) {
        entries.push_back({std::string(row.name), start, row.origin, true, false});
        return;
    }
    const bool extended = row.name.front() == '+';
    if (extended && row.test != TestForm::none) entries.push_back(form_entry(row, Form::test, start + "=?"));
    if (row.read != nullptr) entries.push_back(form_entry(row, Form::read, row.name == "S" ? "ATS<n>?" : start + "?"));
    if (!row.keys.empty()) {
        add_keys(row, entries);
    } else if (row.set != nullptr) {
        const std::string shape = row.name == "S" ? "ATS<n>=<value>" : extended ? start + "=" : start;
        entries.push_back(form_entry(row, Form::set, row.name == "S" ? shape : shape + placeholders(used(row.params))));
    }
    if (row.execute != nullptr) entries.push_back(form_entry(row, Form::execute, start));
}

bool replaced(const Dialect& dialect, const Command& row) { return dialect.find(row.name) != &row; }

}  // namespace

std::string_view name_of(Form form) {
    switch (form) {
        case Form::execute:
            return "execute";
        case Form::read:
            return "read";
        case Form::test:
            return "test";
        case Form::set:
            return "set";
    }
    return "";
}

std::string words_of(const Origin& origin) {
    static constexpr std::string_view kinds[] = {"note", "manual", "standard", "trace", "driver", "guess"};
    std::string text(kinds[static_cast<std::size_t>(origin.source)]);
    if (!origin.document.empty()) text += " " + std::string(origin.document);
    if (!origin.clause.empty()) text += " " + std::string(origin.clause);
    return text;
}

std::string entry_name(const Command& row, Form form, const Key* key, bool query) {
    if (key != nullptr) return line(row.name, "=", quoted(key->name), query ? " query" : " set");
    return line(row.name, " ", name_of(form));
}

std::string entry_name(const Urc& urc) { return line("URC ", urc.name); }

std::vector<CatalogueEntry> catalogue(const Dialect& dialect) {
    std::vector<CatalogueEntry> entries;
    for (const auto& table : dialect.tables) {
        for (const auto& row : table) {
            if (!replaced(dialect, row)) add_row(row, entries);
        }
    }
    for (const auto& table : dialect.urcs) {
        for (const auto& row : table)
            entries.push_back({entry_name(row), std::string(row.name), row.origin, false, false});
    }
    return entries;
}

std::string markdown(const Dialect& dialect) {
    std::string text = "## " + dialect.name + "\n\n" + dialect.documents + "\n\n| form | origin |\n|---|---|\n";
    std::string missing;
    for (const auto& entry : catalogue(dialect)) {
        std::string shape;
        for (const char c : entry.shape) shape += c == '|' ? std::string("\\|") : std::string(1, c);
        if (entry.missing) {
            missing += "| `" + shape + "` | " + words_of(entry.origin) + " |\n";
        } else {
            text +=
                "| `" + shape + "`" + (entry.hidden ? " (not in `=?`)" : "") + " | " + words_of(entry.origin) + " |\n";
        }
    }
    if (!missing.empty()) {
        text +=
            "\nKnown to the manuals, not built; they answer `ERROR`:\n\n| command | origin |\n|---|---|\n" + missing;
    }
    text += "\nQuirks (`--quirk name=value`):\n\n| name | value | meaning | origin |\n|---|---|---|---|\n";
    for (const auto& quirk : all_quirks()) {
        text += line("| `", quirk.name, "` | ", dialect.quirks.*quirk.value, " | ", quirk.meaning, " | ",
                     words_of(quirk.origin), " |\n");
    }
    return text;
}

}  // namespace atls::at
