#include "loop/words.hpp"

#include <cstring>

#include "base/bytes.hpp"

namespace atls::loop {

std::string words_of(int error) {
    const char* description = ::strerrordesc_np(error);
    if (description == nullptr) return "error " + std::to_string(error);
    std::string words(description);
    // "RPC …" stays; a sentence's capital goes, for the words stand behind a colon.
    const bool acronym = words.size() > 1 && ascii_lower(words[1]) != words[1];
    if (!words.empty() && !acronym) words[0] = ascii_lower(words[0]);
    return words;
}

std::string words_and_name_of(int error) {
    const char* name = ::strerrorname_np(error);
    return words_of(error) + " (" + (name != nullptr ? name : std::to_string(error)) + ")";
}

}  // namespace atls::loop
