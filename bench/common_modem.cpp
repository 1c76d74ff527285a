#include "common_modem.hpp"

#include "common.hpp"

namespace atls::bench {

namespace {

std::vector<std::string> command_line(const TemporaryFolder& folder) {
    // Built beside the folder of the benchmarks.
    return {sibling("../atls"), "run",    "--module", "BG96", "--port", "uart1=pty:" + folder.file("uart1"),
            "--storage",        "memory", "--log",    "error"};
}

std::string started(Child& program, const TemporaryFolder& folder) {
    program.line_after("ready");
    return folder.file("uart1");
}

}  // namespace

ModemProgram::ModemProgram(const TemporaryFolder& folder)
    : program_(command_line(folder)), line_(started(program_, folder)) {
    command("AT");
}

void ModemProgram::command(const std::string& text) {
    line_.send(text + "\r");
    line_.expect("\r\nOK\r\n");
}

void ModemProgram::upload(const std::string& name, const std::string& content) {
    line_.send("AT+QFUPL=\"" + name + "\"," + std::to_string(content.size()) + "\r");
    line_.expect("CONNECT\r\n");
    line_.send(content);
    line_.expect("\r\nOK\r\n");
}

void ModemProgram::connect(const std::string& port, const std::string& trusted) {
    upload("cacert.pem", trusted);
    for (const char* setting : {"\"sslversion\",1,3", "\"ciphersuite\",1,0XC02F", "\"seclevel\",1,1",
                                "\"cacert\",1,\"cacert.pem\"", "\"checkhost\",1,1"}) {
        command(std::string("AT+QSSLCFG=") + setting);
    }
    command("AT+QICSGP=1,1,\"bench\"");
    command("AT+QIACT=1");
    line_.send("AT+QSSLOPEN=1,1,0,\"127.0.0.1\"," + port + ",2\r");
    line_.expect("CONNECT\r\n");
}

}  // namespace atls::bench
