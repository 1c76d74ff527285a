// +Q commands that the BG96's manuals or its drivers know and that are not built. Nothing pretends: they answer ERROR.
#include "dialects/quectel/general.hpp"
#include "dialects/quectel/quectel.hpp"

namespace atls::dialects::quectel {

using namespace at;

namespace {

constexpr Command missing(std::string_view name, std::string_view document) {
    return {.name = name, .origin = manual(document, name), .missing = true};
}
constexpr Command general(std::string_view name) { return missing(name, "BG96 AT commands"); }
constexpr Command gnss(std::string_view name) { return missing(name, "BG96 GNSS"); }
constexpr Command ftp(std::string_view name) { return missing(name, "BG96 FTP(S)"); }
constexpr Command sent(std::string_view name, std::string_view who) {
    return {.name = name, .origin = driver(who), .missing = true};
}

constexpr Command rows[] = {
    sent("+QFMOV", "EC2x hosts"),
    general("+QPINC"),
    general("+QSIMDET"),
    general("+QENG"),
    general("+QOPSCFG"),
    general("+QGDCNT"),
    general("+QAUGDCNT"),
    general("+QPSMEXTCFG"),
    general("+QADC"),
    general("+QTEMP"),
    general("+QCMGS"),
    general("+QCMGR"),
    general("+QFOTADL"),
    general("+QPRTPARA"),
    gnss("+QGPS"),
    gnss("+QGPSCFG"),
    gnss("+QGPSDEL"),
    gnss("+QGPSEND"),
    gnss("+QGPSLOC"),
    gnss("+QGPSGNMEA"),
    gnss("+QGPSXTRA"),
    gnss("+QGPSXTRATIME"),
    gnss("+QGPSXTRADATA"),
    ftp("+QFTPCFG"),
    ftp("+QFTPOPEN"),
    ftp("+QFTPCWD"),
    ftp("+QFTPPWD"),
    ftp("+QFTPPUT"),
    ftp("+QFTPGET"),
    ftp("+QFTPSIZE"),
    ftp("+QFTPDEL"),
    ftp("+QFTPMKDIR"),
    ftp("+QFTPRMDIR"),
    ftp("+QFTPLST"),
    ftp("+QFTPNLST"),
    ftp("+QFTPMLSD"),
    ftp("+QFTPMDTM"),
    ftp("+QFTPRENAME"),
    ftp("+QFTPLEN"),
    ftp("+QFTPSTAT"),
    ftp("+QFTPCLOSE"),
};

constexpr Part parts[] = {
    {"AT+QPSMS=<Mode>,…", manual("BG96 AT commands", "AT+QPSMS")},
    {"PSM POWER DOWN", driver("FreeRTOS BG96", "after AT+CPSMS=1")},
};

}  // namespace

std::span<const Command> missing_commands() { return rows; }
std::span<const Part> missing_parts() { return parts; }

}  // namespace atls::dialects::quectel
