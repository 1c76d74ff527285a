#include "app/options.hpp"

#include <algorithm>

namespace atls::app {

Options overlay(Options over, const Options& under) {
    for (const TextOption& option : text_options) {
        if (!(over.*option.value)) over.*option.value = under.*option.value;
    }
    if (!over.seed) over.seed = under.seed;
    for (const PairOption& option : pair_options) {
        auto& pairs = over.*option.values;
        for (const NameValue& pair : under.*option.values) {
            const auto same = [&pair](const NameValue& other) { return other.name == pair.name; };
            if (std::none_of(pairs.begin(), pairs.end(), same)) pairs.push_back(pair);
        }
    }
    return over;
}

}  // namespace atls::app
