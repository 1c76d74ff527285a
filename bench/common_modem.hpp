// The modem as its users run it: `atls run` on a pseudo terminal.
#pragma once

#include <string>

#include "common_process.hpp"

namespace atls::bench {

class ModemProgram {
public:
    /// `folder` gets the terminal's link and outlives this.
    explicit ModemProgram(const TemporaryFolder& folder);

    [[nodiscard]] Terminal& line() { return line_; }
    /// A command that is answered OK.
    void command(const std::string& text);
    void upload(const std::string& name, const std::string& content);
    /// Transparent mode over TLS, ECDHE-RSA-AES128-GCM-SHA256, the server authenticated by `trusted` (PEM).
    void connect(const std::string& port, const std::string& trusted);

private:
    Child program_;
    Terminal line_;
};

}  // namespace atls::bench
