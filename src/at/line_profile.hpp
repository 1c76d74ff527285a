// What a port's host sets with V.250 commands: AT&F gives the dialect's values, AT&W and ATZ keep and fetch one
// profile.
#pragma once

#include <cstdint>
#include <string>

namespace atls::at {

struct LineProfile {
    bool echo = true;            ///< E
    bool quiet = false;          ///< Q
    bool verbose = true;         ///< V
    int extended_results = 4;    ///< X
    int carrier_follows = 1;     ///< &C
    int dtr_action = 2;          ///< &D
    int ring_answer = 0;         ///< S0
    int terminator = 13;         ///< S3
    int line_feed = 10;          ///< S4
    int backspace = 8;           ///< S5
    int dial_pause = 2;          ///< S6
    int completion = 0;          ///< S7
    int comma_pause = 2;         ///< S8
    int carrier_loss = 15;       ///< S10
    int error_reports = 1;       ///< +CMEE
    std::int64_t rate = 115200;  ///< +IPR
    int format = 3;              ///< +ICF
    int parity = 3;
    int flow_in = 0;   ///< +IFC, dce_by_dte
    int flow_out = 0;  ///< dte_by_dce

    [[nodiscard]] std::string line_end() const { return {static_cast<char>(terminator), static_cast<char>(line_feed)}; }
};

}  // namespace atls::at
