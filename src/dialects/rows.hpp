// What families are put together from: rows picked from shared tables, a module for each identity.
#pragma once

#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include "at/dialect.hpp"
#include "base/ensure.hpp"

namespace atls::dialects {

/// The rows of these names, in the order of `names`. All of them exist.
template <class Row>
std::vector<Row> picked(std::span<const Row> table, std::initializer_list<std::string_view> names) {
    std::vector<Row> rows;
    rows.reserve(names.size());
    for (const std::string_view name : names) {
        const std::size_t before = rows.size();
        for (const Row& row : table) {
            if (row.name == name) rows.push_back(row);
        }
        ensure(rows.size() > before, "no row of that name");
    }
    return rows;
}

/// The modules of a family: one of each identity.
template <class Identities, class Make>
std::vector<at::Dialect> modules_of(const Identities& identities, Make make) {
    std::vector<at::Dialect> modules;
    modules.reserve(std::size(identities));
    for (const auto& identity : identities) modules.push_back(make(identity));
    return modules;
}

}  // namespace atls::dialects
