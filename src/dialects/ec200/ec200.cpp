#include "dialects/ec200/ec200.hpp"

#include "dialects/hayes/hayes.hpp"
#include "dialects/lte/lte.hpp"
#include "dialects/lte/tcpip.hpp"
#include "dialects/quectel/quectel.hpp"
#include "dialects/threegpp/threegpp.hpp"

namespace atls::dialects {

namespace {

using namespace at;

constexpr std::string_view ssl_note = "EC200x/EC800x SSL";

void set_profile(modem::Profile& profile, const Ec200Identity& identity) {
    profile.manufacturer = "Quectel";
    profile.model = identity.model;
    profile.revision = identity.revision;
    profile.long_revision = identity.long_revision;
    profile.contexts = 15;
    // Seen on an EG800K-CN, of the same line.
    profile.ufs_octets = 286720;
    profile.ram_octets = 1 << 20;
    profile.first_file_handle = 3000;
    profile.access_technology = 7;
    profile.technologies = {7};
    // The note's table, the strongest first.
    profile.suites = {0xC030, 0xC02F, 0xC028, 0xC024, 0xC027, 0xC023, 0xC014, 0xC00A, 0xC013, 0xC009, 0xC012,
                      0xC008, 0x003D, 0x0035, 0x002F, 0x000A, 0xC02A, 0xC026, 0xC029, 0xC025, 0xC00F, 0xC005,
                      0xC00E, 0xC004, 0xC00D, 0xC003, 0xC011, 0xC007, 0xC00C, 0xC002, 0x0005, 0x0004};
}

// What the shared rows call by the BG96's documents is known here from others.
void set_origins(Dialect& d) {
    d.origins = {
        {"+QSSLOPEN", note(ssl_note, "2.2.2")},
        {"+QSSLSEND", note(ssl_note, "2.2.3")},
        {"+QSSLRECV", note(ssl_note, "2.2.4")},
        {"+QSSLCLOSE", note(ssl_note, "2.2.5")},
        {"+QSSLSTATE", note(ssl_note, "2.2.6")},
        {"+QSSLOPEN: <clientID>,<err>", note(ssl_note, "2.2.2")},
        {"+QSSLURC: \"recv\",<clientID>", note(ssl_note, "2.3.1")},
        {"+QSSLURC: \"recv\",<clientID>,<length>", note(ssl_note, "2.3.1")},
        {"+QSSLURC: \"closed\",<clientID>", note(ssl_note, "2.3.2")},
    };
    d.siblings = {
        {"BG96 TCP/IP V1.0", manual("EC200U&EG915U TCP/IP V1.1")},
        {"BG96 HTTP(S) V1.0", driver("EC200 hosts")},
        {"BG96 FILE V1.0", driver("EC2x and EC200 hosts")},
        {"BG96 AT commands", manual("EC2x&EG9x AT commands V2.0")},
        {"BG96", trace("EG800K-CN")},
        {"BG96MAR02A07M1G", trace("EG800K-CN, BG96")},
    };
}

}  // namespace

Dialect ec200(const Ec200Identity& identity) {
    Dialect d;
    d.name = identity.name;
    d.family = "ec200";
    d.documents =
        "EC200x&EC800x SSL Application Note; what it leans on by the manuals of siblings, as no other is public";
    set_profile(d.profile, identity);
    d.tables = {ec200_ssl_config(),
                ec200_pdp_commands(),
                lte::ssl_commands(),
                lte::ec200_tcpip_commands(),
                lte::tcpip_commands(),
                lte::ec200_http_config(),
                lte::ec200_http_commands(),
                lte::http_commands(),
                lte::mail_commands(),
                lte::ec200_mqtt_config(),
                lte::mqtt_commands(),
                quectel::file_commands(),
                quectel::file_move_commands(),
                ec200_general_commands(),
                quectel::lte_general_commands(),
                threegpp::commands(),
                hayes::commands()};
    d.urcs = {lte::ssl_urcs(),  lte::tcpip_urcs(), lte::ec200_tcpip_urcs(), lte::http_urcs(), lte::ec200_http_urcs(),
              lte::mail_urcs(), lte::mqtt_urcs(),  quectel::urcs(),         threegpp::urcs()};
    d.declared = {
        {&lte::ssl_pdp_context, Int{"PDP_ctxID", 1, 15}},
        {&lte::context_id, Int{"contextID", 1, 15}},
        {&lte::http_context, opt(Int{"contextID", 1, 15})},
        {&lte::mqtt_context, opt(Int{"cid", 1, 15})},
        {&lte::mail_context, opt(Int{"contextID", 1, 15})},
        {&lte::ssl_read_length, opt(Int{"readlen", 0, 1500}, Brackets::no)},
        {&quectel::urc_port, Text{"URC_port_value", 16, "(\"usbat\",\"usbmodem\",\"uart1\",\"all\")"}},
    };
    set_origins(d);
    d.missing_parts = {quectel::missing_parts(), threegpp::missing_parts()};
    d.errors = &quectel::errors();
    d.quirks.recv_length_zero_counts = 1;
    d.quirks.names_must_match = 1;
    d.quirks.file_names_show_storage = 1;
    d.quirks.short_upload_is_error = 1;
    d.quirks.mqtt_payload_quoted = 1;
    d.quirks.http_dns_error = 716;
    d.ring_with_urc = std::chrono::milliseconds(120);
    d.ports = {"uart1", "usbat", "usbmodem", "cmux1", "cmux2", "cmux3", "cmux4"};
    d.rates = hayes::rates();
    d.restore_module = {hayes::load_stored_reports, quectel::load_urc_port, lte::ec200_tcp_options};
    d.restore_port = {hayes::load_stored_profile};
    return d;
}

}  // namespace atls::dialects
