// atls console without a terminal: lines in, what the modem says out.
#include <gtest/gtest.h>

#include "program.hpp"

namespace atls::app {
namespace {

struct Talk {
    std::string said, log;
    std::optional<int> status;
};

Talk talk(const std::string& script, std::vector<std::string> arguments = {"--storage", "memory"}) {
    arguments.insert(arguments.begin(), "console");
    Program program(arguments, script);
    Talk talk;
    talk.said = program.out.rest();
    talk.log = program.err.rest();
    talk.status = program.wait();
    return talk;
}

TEST(Console, WaitsForEachCommand) {
    const Talk heard = talk("AT\nAT+QIACT=1\nAT+QIACT?\n");
    EXPECT_TRUE(heard.said.starts_with("AT\r\r\nOK\r\nAT+QIACT=1\r\r\nOK\r\nAT+QIACT?\r\r\n+QIACT: 1,1,1,"))
        << heard.said;
    EXPECT_TRUE(heard.said.ends_with("\r\nOK\r\n"));
    EXPECT_EQ(heard.status, 0);
}

TEST(Console, RunsControlVerbs) {
    const Talk heard = talk("AT+CREG=1\n!network searching\n!wait +CREG: 2\n!signal 5\nAT+CSQ\n");
    EXPECT_NE(heard.said.find("\r\n+CREG: 2\r\n"), std::string::npos) << heard.said;
    EXPECT_NE(heard.said.find("\r\n+CSQ: 5,99\r\n"), std::string::npos) << heard.said;
    EXPECT_EQ(heard.status, 0);

    const Talk refused = talk("!signal 77\n");
    EXPECT_EQ(refused.said, "! \"77\" is not RSSI[,BER], RSSI 0 to 31 or 99\n");
    EXPECT_EQ(refused.status, 1);

    const Talk vain = talk("AT\n!wait never 1\nAT+CSQ\n");
    EXPECT_NE(vain.said.find("! waited in vain for never\nAT+CSQ"), std::string::npos) << vain.said;
    EXPECT_EQ(vain.status, 1);
}

TEST(Console, SendsDataLinesAndKeys) {
    const Talk heard = talk("AT+QFUPL=\"a\",7\nhello\nAT+QFDWL=\"a\"\n!!\n");
    EXPECT_NE(heard.said.find("+QFUPL: 7,"), std::string::npos) << heard.said;
    EXPECT_NE(heard.said.find("\r\nCONNECT\r\nhello\r\n\r\n+QFDWL: 7,"), std::string::npos) << heard.said;
    EXPECT_EQ(heard.status, 0);
}

TEST(Console, EndsUploadsByEscape) {
    const Talk heard = talk("AT+QFUPL=\"a\",100\nhello\n+++\nAT+QFLST\n");
    EXPECT_NE(heard.said.find("+QFUPL: 7,"), std::string::npos) << heard.said;
    EXPECT_NE(heard.said.find("\"a\",7"), std::string::npos) << heard.said;
}

TEST(Console, TalksToTheDemo) {
    const Talk heard = talk(
        "AT+QIACT=1\n"
        "AT+QSSLCFG=\"seclevel\",1,2\n"
        "AT+QSSLCFG=\"cacert\",1,\"cacert.pem\"\n"
        "AT+QSSLCFG=\"checkhost\",1,1\n"
        "AT+QSSLOPEN=1,1,3,\"mtls-echo.demo\",8444,0\n"
        "!wait +QSSLOPEN: 3,566\n"
        "AT+QSSLCFG=\"clientcert\",1,\"client.pem\"\n"
        "AT+QSSLCFG=\"clientkey\",1,\"client.key\"\n"
        "AT+QSSLOPEN=1,1,4,\"mtls-echo.demo\",8444,0\n"
        "!wait +QSSLOPEN: 4,0\n"
        "AT+QSSLSEND=4\n"
        "over mutual TLS\x1A\n"
        "!wait \"recv\",4\n"
        "AT+QSSLRECV=4,1500\n"
        "AT+QSSLCFG=\"dtls\",0,1\n"
        "AT+QSSLOPEN=1,0,5,\"dtls-psk.demo\",8445,1\n"
        "!wait +QSSLOPEN: 5,0\n"
        "AT+QSSLSEND=5,9\n"
        "over DTLS\n"
        "!wait over DTLS\n"
        "AT+QSSLOPEN=1,1,6,\"tls-echo.demo\",8443,2\n"
        "!wait CONNECT\n"
        "through transparent mode\n"
        "!wait through transparent mode\n"
        "+++\n"
        "!wait OK\n"
        "AT+QSSLCLOSE=6\n",
        {"--demo"});
    EXPECT_EQ(heard.status, 0) << heard.said << heard.log;
    EXPECT_NE(heard.said.find("\r\n+QSSLRECV: 15\r\nover mutual TLS\r\n\r\nOK\r\n"), std::string::npos) << heard.said;
    EXPECT_NE(heard.log.find("the server asks for a client certificate"), std::string::npos) << heard.log;
}

}  // namespace
}  // namespace atls::app
