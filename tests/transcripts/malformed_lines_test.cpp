// Lines that are wrong in every way we can think of: what each is answered, and that the next is answered as ever.
#include <gtest/gtest.h>

#include "support/transcript_text.hpp"
#include "transcripts/malformed.hpp"

namespace atls::test {
namespace {

using namespace std::string_literals;

struct Row {
    std::string input;  ///< with its CR, where it has one
    std::string answer;
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
    return out << escaped(BytesView(row.input).substr(0, 60));
}

const std::string error = "¶ERROR¶";
const std::string bad_value = "¶+CME ERROR: 50¶";

const Row rows[] = {
    // --- no line at all ---
    {"", ""},
    {"\r", ""},
    {"\r\n\r\n\r\n", ""},
    {"\0\0\0\r"s, ""},
    {"hello world\r", ""},
    {"\x1A\x1B\r", ""},
    {"+++\r", ""},
    {"\xFF\xFE\xFD\r", ""},
    {"> \r", ""},
    {Bytes(100000, '\x00'), ""},
    {Bytes(100000, 'A'), ""},
    // --- prefixes ---
    {"A\r", ""},
    {"AX\r", ""},
    {"TA\r", ""},
    {"A T\r", ""},
    {"AAT\r", "¶OK¶"},
    {"xxATI0\0\r"s, "¶Quectel¶BG96¶Revision: BG96MAR02A07M1G¶¶ERROR¶"},
    {"AT\x00\r"s, error},
    {"AT\x7F\r", error},
    {"AT\xC3\xA9\r", error},
    {"ATAT\r", error},
    {"AT/\r", error},
    {"AT;\r", error},
    {"AT,\r", error},
    {"AT=\r", error},
    {"AT?\r", error},
    {"AT\"\r", error},
    {"AT1\r", error},
    {"AT&\r", error},
    {"AT&1\r", error},
    {"AT+\r", error},
    {"AT+?\r", error},
    {"AT+=\r", error},
    {"AT+=?\r", error},
    {"AT++CSQ\r", error},
    {"AT+ CSQ \r", "¶+CSQ: 24,99¶¶OK¶"},
    {"AT +\tCSQ\r", "¶+CSQ: 24,99¶¶OK¶"},
    // --- unknown, and nearly known ---
    {"AT+QSSL\r", error},
    {"AT+QSSLOPENX=1\r", error},
    {"AT+QSSLOPE=1\r", error},
    {"ATQSSLOPEN\r", error},
    {"AT+QSECWRITE=\"RAM:a\",1\r", error},
    {"AT*QSSLSTATE\r", error},
    {"AT^QSSLSTATE\r", error},
    {"AT+CSSLCFG=\"sslversion\",1,3\r", error},
    {"AT+QSSSEND=1\r", error},
    {"AT+QSSLRCV=1,1\r", error},
    // --- quotes ---
    {"AT+QSSLOPEN=1,1,0,\"echo.example,443\r", error},
    {"AT+QSSLOPEN=1,1,0,echo.example\",443\r", error},
    {"AT+QSSLOPEN=1,1,0,\"echo\"example\",443\r", error},
    {"AT+QSSLOPEN=1,1,0,\"echo.example\"443\r", error},
    {"AT+QSSLOPEN=\"1\",1,0,\"echo.example\",443\r", error},
    {"AT+QSSLOPEN=1,1,0,\"echo.example\",\"443\"\r", error},
    {"AT+QSSLOPEN=1,1,0,\"\",443\r", error},
    {"AT+QSSLOPEN=1,1,0,\"" + std::string(256, 'x') + "\",443\r", error},
    {"AT+QSSLCFG=\"cacert\",1,\"" + std::string(256, 'x') + "\"\r", error},
    {"AT+QSSLCFG=\"\",1\r", error},
    {"AT+QSSLCFG=\"\r", error},
    {"AT+QSSLCFG=\"\"\"\r", error},
    {"AT+QSSLCFG='sslversion',1\r", error},
    {"AT+QSSLCFG=\"ssl version\",1\r", error},
    {"AT+QSSLCFG=\"sslversion\"1\r", error},
    {"AT+QFUPL=\"a\r", error},
    {"AT+QFLST=\"*\r", error},
    // --- ranges ---
    {"AT+QSSLOPEN=0,1,0,\"h\",443\r", error},
    {"AT+QSSLOPEN=17,1,0,\"h\",443\r", error},
    {"AT+QSSLOPEN=1,-1,0,\"h\",443\r", error},
    {"AT+QSSLOPEN=1,6,0,\"h\",443\r", error},
    {"AT+QSSLOPEN=1,1,12,\"h\",443\r", error},
    {"AT+QSSLOPEN=1,1,0,\"h\",-1\r", error},
    {"AT+QSSLOPEN=1,1,0,\"h\",65536\r", error},
    {"AT+QSSLOPEN=1,1,0,\"h\",443,3\r", error},
    {"AT+QSSLOPEN=1,1,0,\"h\",443,-1\r", error},
    {"AT+QSSLOPEN=4294967297,1,0,\"h\",443\r", error},
    {"AT+QSSLOPEN=18446744073709551617,1,0,\"h\",443\r", error},
    {"AT+QSSLSEND=0,0\r", error},
    {"AT+QSSLSEND=0,1461\r", error},
    {"AT+QSSLSEND=0,99999999999999999999\r", error},
    {"AT+QSSLRECV=0,1501\r", error},
    {"AT+QSSLRECV=0,-5\r", error},
    {"AT+QSSLCLOSE=0,65536\r", error},
    {"AT+QSSLCLOSE=-1\r", error},
    {"AT+QSSLSTATE=99\r", error},
    {"AT+QSSLCFG=\"sslversion\",1,5\r", error},
    {"AT+QSSLCFG=\"negotiatetime\",1,9\r", error},
    {"AT+QSSLCFG=\"seclevel\",1,256\r", error},
    {"AT+QISWTMD=0,3\r", error},
    {"AT+QIACT=0\r", error},
    {"AT+QIACT=17\r", error},
    {"AT+QICSGP=0\r", error},
    // --- no numbers ---
    {"AT+QSSLOPEN=one,1,0,\"h\",443\r", error},
    {"AT+QSSLOPEN=1.0,1,0,\"h\",443\r", error},
    {"AT+QSSLOPEN=1e0,1,0,\"h\",443\r", error},
    {"AT+QSSLOPEN=+1,1,0,\"h\",443\r", error},
    {"AT+QSSLOPEN=0x1,1,0,\"h\",443\r", error},
    {"AT+QSSLOPEN=1\x00,1,0,\"h\",443\r"s, error},
    {"AT+QSSLOPEN=\xB9,1,0,\"h\",443\r", error},
    {"AT+QSSLSEND=0,1 0 0 0 0\r", error},
    {"AT+QSSLCFG=\"ciphersuite\",1,0X\r", error},
    {"AT+QSSLCFG=\"ciphersuite\",1,X0035\r", error},
    {"AT+QSSLCFG=\"ciphersuite\",1,0X0035Z\r", error},
    {"AT+QSSLCFG=\"ciphersuite\",1,53\r", error},
    {"AT+QSSLCFG=\"ciphersuite\",1,0X0035;0X002F\r", error},
    {"AT+QSSLCFG=\"ciphersuite\",1,0X0035:0X002F\r", error},
    {"AT+QSSLCFG=\"sni\",1,yes no\"\r", error},
    {"AT+QSSLCFG=\"checkhost\",1,01\r", error},
    // --- too few, too many ---
    {"AT+QSSLOPEN=\r", error},
    {"AT+QSSLOPEN=1\r", error},
    {"AT+QSSLOPEN=1,1,0,\"h\"\r", error},
    {"AT+QSSLOPEN=1,1,0,\"h\",443,0,1\r", error},
    {"AT+QSSLOPEN=,,,,\r", error},
    {"AT+QSSLOPEN=,,,,,,,,,,,,,,,,,,,,,,\r", error},
    {"AT+QSSLSEND\r", error},
    {"AT+QSSLSEND=\r", error},
    {"AT+QSSLSEND=0,1,2\r", error},
    {"AT+QSSLRECV=0\r", error},
    {"AT+QSSLRECV=,1\r", error},
    {"AT+QSSLRECV=0,1,1\r", error},
    {"AT+QSSLCLOSE=\r", error},
    {"AT+QSSLCLOSE=0,1,1\r", error},
    {"AT+QSSLSTATE=1,2,3\r", error},
    {"AT+QSSLCFG=\r", error},
    {"AT+QSSLCFG=\"sslversion\"\r", error},
    {"AT+QSSLCFG=\"sslversion\",\r", error},
    {"AT+QSSLCFG=\"sslversion\",1,\r", error},
    {"AT+QSSLCFG=\"sslversion\",1,,\r", error},
    {"AT+QSSLCFG=\"sslversion\",1,3,3\r", error},
    {"AT+QIGETERROR=1\r", error},
    {"AT+QIGETERROR?\r", error},
    // --- forms that do not exist ---
    {"AT+QSSLOPEN\r", error},
    {"AT+QSSLOPEN?\r", error},
    {"AT+QSSLOPEN=?1\r", error},
    {"AT+QSSLOPEN==1\r", error},
    {"AT+QSSLOPEN?=\r", error},
    {"AT+QSSLOPEN=1=2\r", error},
    {"AT+QSSLSTATE!\r", error},
    {"AT+QSSLCFG?\r", error},
    {"AT+QSSLSTATE=?;\r", "¶OK¶"},
    {"AT+QSSLSTATE?;?\r", error},
    // --- chains ---
    {"AT+CSQ;;+CSQ\r", "¶+CSQ: 24,99¶¶ERROR¶"},
    {"AT;+CSQ\r", error},
    {"AT+CSQ+CSQ\r", error},
    {"AT+CSQ;XYZ\r", "¶+CSQ: 24,99¶¶ERROR¶"},
    {"AT+CSQ,\r", error},
    {"ATE0E\r", "¶OK¶"},
    {"ATE0E9\r", error},
    {"ATE2\r", error},
    {"ATV2\r", error},
    {"ATS\r", error},
    {"ATS=\r", error},
    {"ATS3=\r", error},
    {"ATS3=256\r", error},
    {"ATS99999=1\r", error},
    {"ATSX?\r", error},
    {"ATZ9\r", error},
    {"AT&F9\r", error},
    {"AT&D3\r", error},
    // --- answers by number: general and FILE commands ---
    {"AT+CREG=9\r", bad_value},
    {"AT+CREG=x\r", bad_value},
    {"AT+CFUN=7\r", error},
    {"AT+COPS=9\r", bad_value},
    {"AT+CCLK=\"yesterday\"\r", bad_value},
    {"AT+CCLK=\"26/13/01,00:00:00+00\"\r", bad_value},
    {"AT+CCLK=\"26/02/30,00:00:00+00\"\r", bad_value},
    {"AT+CMEE=3\r", bad_value},
    {"AT+QFUPL=\"\"\r", "¶+CME ERROR: 400¶"},
    {"AT+QFUPL=\"" + std::string(200, 'n') + "\",1\r", "¶+CME ERROR: 400¶"},
    {"AT+QFUPL=\"a\",0\r", "¶+CME ERROR: 400¶"},
    {"AT+QFUPL=\"a\",1,0\r", "¶+CME ERROR: 400¶"},
    {"AT+QFUPL=\"a\",1,1,2\r", "¶+CME ERROR: 400¶"},
    {"AT+QFUPL=\"SD:a\",1\r", "¶+CME ERROR: 406¶"},
    {"AT+QFDWL=\"none\"\r", "¶+CME ERROR: 405¶"},
    {"AT+QFDEL=\"none\"\r", "¶+CME ERROR: 405¶"},
    {"AT+QFREAD=77\r", "¶+CME ERROR: 416¶"},
    {"AT+QFWRITE=77\r", "¶+CME ERROR: 416¶"},
    {"AT+QFSEEK=77,0\r", "¶+CME ERROR: 416¶"},
    {"AT+QFCLOSE=x\r", "¶+CME ERROR: 400¶"},
    {"AT+QFOPEN=\"a\",9\r", "¶+CME ERROR: 400¶"},
    // --- length ---
    {"AT" + std::string(4095, ' ') + "\r", "¶OK¶"},
    {"AT" + std::string(4097, 'x') + "\r", error},
    {"AT+QSSLCFG=\"cacert\",1,\"" + std::string(5000, 'x') + "\"\r", error},
    {"AT" + std::string(100000, ';') + "\r", error},
    {"AT+CSQ" + std::string(4000, ';') + "\r", "¶+CSQ: 24,99¶¶ERROR¶"},
    {"AT+X=\"" + std::string(4000, ',') + "\r", error},
    {"AT+QSSLOPEN=" + std::string(4000, ',') + "\r", error},
    {"AT+QSSLOPEN=" + std::string(4000, '9') + "\r", error},
    {"AT\b\b\b\b\b\r", "¶OK¶"},
    {"AT" + std::string(5000, 'x') + std::string(5000, '\b') + "\r", error},
};

class MalformedLines : public testing::TestWithParam<Row> {};

TEST_P(MalformedLines, AreAnsweredAndDoNoHarm) {
    for (const auto pieces : {Pieces::whole, Pieces::single_octets}) {
        MalformedBench bench(pieces);
        EXPECT_EQ(escaped(bench.say(GetParam().input)), escaped(framed(GetParam().answer)));
        EXPECT_TRUE(bench.alive());
    }
}
INSTANTIATE_TEST_SUITE_P(Rows, MalformedLines, testing::ValuesIn(rows));

// As noise: no answer is specified, only that it ends and the modem goes on.
TEST(MalformedNoise, RandomOctetsDoNoHarm) {
    Random random(20261121);
    MalformedBench bench;
    for (int round = 0; round < 300; ++round) {
        Bytes noise = round % 2 == 0 ? "AT+QSSL" : "";
        const std::size_t size = random.below(200);
        static constexpr std::string_view likely = "AT+QSLCFGOPEN=?\",;0123456789\r\n\x1A\x1B";
        while (noise.size() < size) {
            const bool any = random.below(4) == 0;
            noise.push_back(any ? static_cast<char>(random.next()) : likely[random.below(likely.size())]);
        }
        bench.say(noise);
        bench.say("\x1B\r");
        bench.wait(std::chrono::seconds(400));
        bench.say("ATE0V1Q0\r");
        ASSERT_TRUE(bench.alive()) << escaped(noise);
    }
}

}  // namespace
}  // namespace atls::test
