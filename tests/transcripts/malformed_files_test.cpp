// Files that are not what QSSLCFG says they are: refused at the open, by 566, with a cause in words.
#include <gtest/gtest.h>

#include "support/transcript_text.hpp"
#include "transcripts/malformed.hpp"

namespace atls::test {
namespace {

using namespace std::string_literals;

std::string one_line(const std::string& pem) {
    std::string text;
    for (const char c : pem) {
        if (c != '\n') text.push_back(c);
    }
    return text;
}

std::string with_crlf(const std::string& pem) {
    std::string text;
    for (const char c : pem) text += c == '\n' ? "\r\n"s : std::string(1, c);
    return text;
}

const Pki& pki() { return Pki::get(); }

struct File {
    const char* name;
    std::string (*content)();
    bool good = false;
};

constexpr const char* begin = "-----BEGIN CERTIFICATE-----\n";
constexpr const char* end = "-----END CERTIFICATE-----\n";

const File trusted[] = {
    {"Good", [] { return pki().root.certificate; }, true},
    {"GoodWithCrLf", [] { return with_crlf(pki().root.certificate); }, true},
    {"GoodBehindWords", [] { return "subject: test\n" + pki().root.certificate; }, true},
    {"GoodBesideAnother", [] { return pki().stranger.certificate + pki().root.certificate; }, true},
    {"Empty", [] { return ""s; }},
    {"OneNul", [] { return "\0"s; }},
    {"Words", [] { return "no certificate at all"s; }},
    {"BinaryNoise", [] { return Bytes(300, '\x30'); }},
    {"OnlyBegin", [] { return std::string(begin); }},
    {"BeginAndEnd", [] { return std::string(begin) + end; }},
    {"NotBase64", [] { return std::string(begin) + "!!!!\n" + end; }},
    {"Base64OfNothing", [] { return std::string(begin) + "AAAA\n" + end; }},
    {"WithoutEnd", [] { return pki().root.certificate.substr(0, pki().root.certificate.size() - 30); }},
    {"HalfAPem", [] { return pki().root.certificate.substr(0, pki().root.certificate.size() / 2); }},
    {"WithoutBegin", [] { return pki().root.certificate.substr(28); }},
    {"OnOneLine", [] { return one_line(pki().root.certificate); }},
    {"AKey", [] { return pki().client.key; }},
    {"HalfADer", [] { return pki().root.certificate_der.substr(0, pki().root.certificate_der.size() / 2); }},
    {"DerOfAKey", [] { return pki().client.key_der; }},
    {"LengthBeyondTheFile", [] { return Bytes("\x30\x84\xFF\xFF\xFF\xFF", 6) + Bytes(50, 'x'); }},
    {"OneMegabyte", [] { return Bytes(1 << 20, 'A'); }},
};

std::string open_good_server(MalformedBench& bench, PeerOptions options = {}) {
    bench.world.net.serve_tls("good.example", 443, std::move(options));
    return bench.say("AT+QSSLOPEN=1,1,0,\"good.example\",443,0\r");
}

void expect_outcome(MalformedBench& bench, const std::string& heard, bool good) {
    EXPECT_EQ(heard, framed(good ? "¶OK¶¶+QSSLOPEN: 0,0¶" : "¶OK¶¶+QSSLOPEN: 0,566¶")) << bench.world.log_tail(2);
    EXPECT_EQ(bench.world.modem.sockets.cause(0).empty(), good);
    EXPECT_EQ(bench.say("AT+QSSLCLOSE=0\r"), "\r\nOK\r\n");
    EXPECT_TRUE(bench.alive());
}

class MalformedTrusted : public testing::TestWithParam<File> {};

TEST_P(MalformedTrusted, AreRefused) {
    MalformedBench bench;
    bench.world.ufs.put("ca.pem", GetParam().content());
    bench.say("AT+QSSLCFG=\"seclevel\",1,1;+QSSLCFG=\"cacert\",1,\"ca.pem\"\r");
    expect_outcome(bench, open_good_server(bench), GetParam().good);
}
INSTANTIATE_TEST_SUITE_P(Rows, MalformedTrusted, testing::ValuesIn(trusted),
                         [](const auto& row) { return std::string(row.param.name); });

// --- the module's own ------------------------------------------------------------------------------------------------

struct Own {
    const char* name;
    std::string (*certificate)();
    std::string (*key)();
    bool good = false;
};

const Own own[] = {
    {"Good", [] { return pki().client.certificate; }, [] { return pki().client.key; }, true},
    {"GoodTraditionalKey", [] { return pki().client.certificate; }, [] { return pki().client.key_traditional; }, true},
    {"GoodDer", [] { return pki().client.certificate_der; }, [] { return pki().client.key_der; }, true},
    {"GoodEc", [] { return pki().ec_client.certificate; }, [] { return pki().ec_client.key; }, true},
    {"EmptyCertificate", [] { return ""s; }, [] { return pki().client.key; }},
    {"EmptyKey", [] { return pki().client.certificate; }, [] { return ""s; }},
    {"Swapped", [] { return pki().client.key; }, [] { return pki().client.certificate; }},
    {"KeyOfAnother", [] { return pki().client.certificate; }, [] { return pki().root.key; }},
    {"KeyOfAnotherKind", [] { return pki().client.certificate; }, [] { return pki().ec_client.key; }},
    {"HalfAKey", [] { return pki().client.certificate; }, [] { return pki().client.key.substr(0, 400); }},
    {"WordsForAKey", [] { return pki().client.certificate; }, [] { return "secret"s; }},
    {"HalfACertificate", [] { return pki().client.certificate.substr(0, 300); }, [] { return pki().client.key; }},
    {"NulInTheKey", [] { return pki().client.certificate; }, [] { return "\0"s + pki().client.key; }},
};

class MalformedOwn : public testing::TestWithParam<Own> {};

TEST_P(MalformedOwn, AreRefused) {
    MalformedBench bench;
    bench.world.ufs.put("ca.pem", pki().roots());
    bench.world.ufs.put("cc.pem", GetParam().certificate());
    bench.world.ufs.put("ck.pem", GetParam().key());
    bench.say("AT+QSSLCFG=\"seclevel\",1,2;+QSSLCFG=\"cacert\",1,\"ca.pem\"\r");
    bench.say("AT+QSSLCFG=\"clientcert\",1,\"cc.pem\";+QSSLCFG=\"clientkey\",1,\"ck.pem\"\r");
    PeerOptions options;
    options.demand_client_certificate = true;
    expect_outcome(bench, open_good_server(bench, options), GetParam().good);
}
INSTANTIATE_TEST_SUITE_P(Rows, MalformedOwn, testing::ValuesIn(own),
                         [](const auto& row) { return std::string(row.param.name); });

// --- shared keys -----------------------------------------------------------------------------------------------------

struct Shared {
    const char* name;
    std::string content;
    bool good = false;
};

const Shared shared[] = {
    {"Good", "modem&1a2b3c4d", true},
    {"GoodUpperCase", "modem&1A2B3C4D", true},
    {"NoAmpersand", "modem1a2b3c4d"},
    {"NoIdentity", "&1a2b3c4d"},
    {"NoKey", "modem&"},
    {"OddDigits", "modem&1a2b3c4"},
    {"NoHex", "modem&1a2b3c4x"},
    {"Empty", ""},
    {"OnlyAmpersand", "&"},
    {"Nul", "modem&1a2b3c4d\0"s},
    {"LongKey", "modem&" + std::string(4096, 'a')},
};

class MalformedShared : public testing::TestWithParam<Shared> {};

TEST_P(MalformedShared, AreRefused) {
    MalformedBench bench;
    bench.world.ufs.put("1_server.psk", GetParam().content);
    bench.say("AT+QSSLCFG=\"dtls\",1,1\r");
    PeerOptions options;
    options.datagram = true;
    options.psk_identity = "modem";
    options.psk_key = *from_hex("1a2b3c4d");
    options.ciphers = "PSK:@SECLEVEL=0";
    expect_outcome(bench, open_good_server(bench, options), GetParam().good);
}
INSTANTIATE_TEST_SUITE_P(Rows, MalformedShared, testing::ValuesIn(shared),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace atls::test
