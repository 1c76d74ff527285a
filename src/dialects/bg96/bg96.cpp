#include "dialects/bg96/bg96.hpp"

#include "dialects/hayes/hayes.hpp"
#include "dialects/lte/lte.hpp"
#include "dialects/quectel/quectel.hpp"
#include "dialects/threegpp/threegpp.hpp"

namespace atls::dialects {

const at::Dialect& bg96() {
    static const at::Dialect module = [] {
        at::Dialect d;
        d.name = "BG96";
        d.family = "bg96";
        d.documents =
            "BG96 SSL Application Note V1.1, with the BG96 TCP/IP, FILE and AT command manuals for what it leans on";
        d.profile.manufacturer = "Quectel";
        d.profile.model = "BG96";
        d.profile.revision = "BG96MAR02A07M1G";
        d.profile.long_revision = "BG96MAR02A07M1G_01.007.01.007";
        d.profile.suites = {0xC02F, 0xC028, 0xC027, 0xC014, 0xC013, 0xC012, 0x003D,
                            0x0035, 0x002F, 0x000A, 0xC011, 0x0005, 0x0004};
        d.profile.psk_suites = {0x00A8, 0x00A9, 0x00AE, 0x00AF, 0x008B, 0x008C, 0x008D, 0xC0A8};
        d.tables = {bg96_ssl_config(),        lte::ssl_commands(),         lte::tcpip_commands(), lte::http_config(),
                    lte::http_commands(),     lte::mail_commands(),        lte::mqtt_config(),    lte::mqtt_commands(),
                    quectel::file_commands(), quectel::general_commands(), threegpp::commands(),  hayes::commands()};
        d.urcs = {lte::ssl_urcs(),  lte::tcpip_urcs(), lte::http_urcs(), lte::mail_urcs(),
                  lte::mqtt_urcs(), quectel::urcs(),   threegpp::urcs()};
        d.missing_parts = {quectel::missing_parts(), threegpp::missing_parts()};
        d.errors = &quectel::errors();
        d.ring_with_urc = std::chrono::milliseconds(120);
        d.rates = hayes::rates();
        d.restore_module = {hayes::load_stored_reports, quectel::load_urc_port};
        d.restore_port = {hayes::load_stored_profile};
        return d;
    }();
    return module;
}

}  // namespace atls::dialects
