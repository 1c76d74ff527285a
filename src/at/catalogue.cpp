#include "at/catalogue.hpp"

namespace atls::at {

namespace {

/// The entries of one dialect, in the order of its tables.
class Lister {
public:
    explicit Lister(const Dialect& dialect) : dialect_(dialect) {}

    void add(const Command& row);
    void add(const Urc& row) {
        entries_.push_back(
            {entry_name(row), std::string(row.name), dialect_.origin_of(row.name, row.origin), false, false});
    }
    void add(const Part& part) {
        entries_.push_back({std::string(part.shape), std::string(part.shape),
                            dialect_.origin_of(part.shape, part.origin), true, false});
    }
    std::vector<CatalogueEntry> take() { return std::move(entries_); }

private:
    void add_form(const Command& row, Form form, std::string shape) {
        entries_.push_back({entry_name(row, form, nullptr, false), std::move(shape),
                            dialect_.origin_of(row.name, row.origin), row.missing, false});
    }
    void add_keys(const Command& row);

    const Dialect& dialect_;
    std::vector<CatalogueEntry> entries_;
};

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

void Lister::add_keys(const Command& row) {
    const auto row_params = dialect_.as_declared(used(row.params));
    for (const auto& key : row.keys) {
        const auto declared = dialect_.as_declared(used(key.params));
        const std::span<const Param* const> params(declared);
        const std::string before = row_params.empty() ? "" : placeholders(row_params) + ",";
        const std::string start = line("AT", row.name, "=", before, quoted(key.name));
        const auto index = params.first(key.index_params);
        const std::string query = index.empty() ? start : start + "," + placeholders(index);
        const Origin origin = dialect_.origin_of(row.name, key.origin.document.empty() ? row.origin : key.origin);
        if (key.missing) {
            entries_.push_back({line(row.name, "=", quoted(key.name)), start, origin, true, false});
            continue;
        }
        if (key.query != nullptr || key.prompt != nullptr) {
            entries_.push_back({entry_name(row, Form::set, &key, true), query, origin, false, key.hidden});
        }
        if (key.set != nullptr) {
            entries_.push_back({entry_name(row, Form::set, &key, false), start + "," + placeholders(params), origin,
                                false, key.hidden});
        }
    }
}

void Lister::add(const Command& row) {
    const std::string start = line("AT", row.name);
    if (row.missing) {
        entries_.push_back({std::string(row.name), start, dialect_.origin_of(row.name, row.origin), true, false});
        return;
    }
    const bool extended = row.name.front() == '+';
    if (extended && row.test != TestForm::none) add_form(row, Form::test, start + "=?");
    if (row.read != nullptr) add_form(row, Form::read, row.name == "S" ? "ATS<n>?" : start + "?");
    if (!row.keys.empty()) add_keys(row);
    if (row.set != nullptr) {
        const std::string shape = row.name == "S" ? "ATS<n>=<value>" : extended ? start + "=" : start;
        const auto params = dialect_.as_declared(used(row.params));
        add_form(row, Form::set, row.name == "S" ? shape : shape + placeholders(params));
    }
    if (row.execute != nullptr) add_form(row, Form::execute, start);
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
    Lister lister(dialect);
    for (const auto& table : dialect.tables) {
        for (const auto& row : table) {
            if (!replaced(dialect, row)) lister.add(row);
        }
    }
    for (const auto& table : dialect.urcs) {
        for (const auto& row : table) lister.add(row);
    }
    for (const auto& table : dialect.missing_parts) {
        for (const auto& part : table) lister.add(part);
    }
    return lister.take();
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
            "\nKnown to the manuals, not built; commands and keys answer `ERROR`, URCs do not come:\n\n| what | origin "
            "|\n|---|---|\n" +
            missing;
    }
    text += "\nQuirks (`--quirk name=value`):\n\n| name | value | meaning | origin |\n|---|---|---|---|\n";
    for (const auto& quirk : all_quirks()) {
        text += line("| `", quirk.name, "` | ", dialect.quirks.*quirk.value, " | ", quirk.meaning, " | ",
                     words_of(quirk.origin), " |\n");
    }
    return text;
}

}  // namespace atls::at
