#include "support/transcript_secrets.hpp"

#include <algorithm>
#include <map>

#include "support/pki.hpp"

namespace atls::test {

const Bytes* from_pki(const std::string& name) {
    static const Pki& pki = Pki::get();
    static const std::string roots = pki.roots();
    static const std::map<std::string, const Bytes*> table{{"root", &pki.root.certificate},
                                                           {"ec-root", &pki.ec_root.certificate},
                                                           {"roots", &roots},
                                                           {"intermediate", &pki.intermediate.certificate},
                                                           {"stranger", &pki.stranger.certificate},
                                                           {"self-signed", &pki.self_signed.certificate},
                                                           {"root-der", &pki.root.certificate_der},
                                                           {"client-cert", &pki.client.certificate},
                                                           {"client-key", &pki.client.key},
                                                           {"client-key-traditional", &pki.client.key_traditional},
                                                           {"client-cert-der", &pki.client.certificate_der},
                                                           {"client-key-der", &pki.client.key_der},
                                                           {"ec-client-cert", &pki.ec_client.certificate},
                                                           {"ec-client-key", &pki.ec_client.key}};
    const auto found = table.find(name);
    return found == table.end() ? nullptr : found->second;
}

std::optional<Bytes> as_pasted(const Bytes& pem, const std::vector<std::string>& manners) {
    for (const auto& manner : manners) {
        if (manner != "crlf" && manner != "blanks" && manner != "open") return std::nullopt;
    }
    const auto has = [&](const char* manner) {
        return std::find(manners.begin(), manners.end(), manner) != manners.end();
    };
    Bytes pasted;
    for (const char c : pem) {
        if (c == '\n' && has("blanks")) pasted += "  ";
        if (c == '\n' && has("crlf")) pasted += '\r';
        pasted += c;
    }
    if (has("open")) pasted.erase(pasted.find_last_not_of(" \r\n") + 1);
    return pasted;
}

}  // namespace atls::test
