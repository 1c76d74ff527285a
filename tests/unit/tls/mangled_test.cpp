// What the fuzz target mangled_fuzz does for minutes, for a moment in every test run: the parsers of certificates, keys
// and handshakes are mbed TLS 2.28's, whose later releases mended some of them.
#include <gtest/gtest.h>

#include "unit/tls/mangled_play.hpp"
#include "unit/tls/octets.hpp"

namespace atls::tls::testing {
namespace {

TEST(Mangled, FilesAndServersAreTakenOrRefused) {
    crypto::testing::Dice dice;
    for (int round = 0; round < 600; ++round) {
        Bytes input;
        for (std::size_t size = 2 + 4 * (1 + dice.below(3)); size > 0; --size) {
            input.push_back(static_cast<char>(dice.below(256)));
        }
        play_mangled(input);
    }
}

TEST(Mangled, NothingMangledIsTaken) {
    for (char play = 0; play < 4; ++play) {
        for (char which = 0; which < 32; ++which) play_mangled(Bytes{play, which});
    }
}

}  // namespace
}  // namespace atls::tls::testing
