// The ! steps: the product's control verbs, and what tests need besides: servers, names, files, the host's line.
#pragma once

#include <optional>
#include <string>

namespace atls::test {

class TranscriptRun;

/// nullopt, or what is wrong with the verb or with the world.
std::optional<std::string> run_verb(TranscriptRun& run, const std::string& text);
/// Only looks, or only says where the next steps belong: output that was not yet accounted for may stand.
bool passive_verb(const std::string& text);

}  // namespace atls::test
