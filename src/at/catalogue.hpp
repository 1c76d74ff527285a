// Every form of every row and every URC of a dialect, as a list: for documents, the command line and the gate over
// transcripts.
#pragma once

#include <string>
#include <vector>

#include "at/dialect.hpp"

namespace atls::at {

struct CatalogueEntry {
    std::string name;   ///< unique: "+QSSLCFG=\"sni\" query", "+QSSLOPEN test", "URC +QSSLURC: \"recv\""
    std::string shape;  ///< how it is typed: AT+QSSLOPEN=<PDP_ctxID>,…
    Origin origin;
    bool missing = false;
    bool hidden = false;
};

std::vector<CatalogueEntry> catalogue(const Dialect& dialect);
/// The catalogue name of a use.
std::string entry_name(const Command& row, Form form, const Key* key, bool query);
std::string entry_name(const Urc& urc);
/// The dialect's part of docs/commands.md.
std::string markdown(const Dialect& dialect);

}  // namespace atls::at
