// Certificates and keys of the test PKI, by the names transcripts use, and as hosts paste them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"

namespace atls::test {

/// "root", "client-key", …; null: there is none of that name.
const Bytes* from_pki(const std::string& name);

/// As a host pastes it: `manners` are crlf (line ends), blanks (before each line end), open (no final line end).
/// nullopt: one of them is unknown.
std::optional<Bytes> as_pasted(const Bytes& pem, const std::vector<std::string>& manners);

class TranscriptRun;
/// Writes it with AT+QSECWRITE as a host does, and checks the answer. `words`: NAME pki:NAME. What is wrong, if
/// anything is.
std::optional<std::string> write_secret(TranscriptRun& run, const std::vector<std::string>& words);

}  // namespace atls::test
