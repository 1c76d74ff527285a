// Tables out of tables: what a module has of a family's rows.
#pragma once

#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include "at/command.hpp"
#include "at/urc.hpp"
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

}  // namespace atls::dialects
