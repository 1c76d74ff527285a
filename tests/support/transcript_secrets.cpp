#include "support/transcript_secrets.hpp"

#include <algorithm>
#include <map>

#include "codec/checksum.hpp"
#include "support/pki.hpp"
#include "support/transcript_runner.hpp"

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

std::optional<std::string> write_secret(TranscriptRun& run, const std::vector<std::string>& words) {
    const Bytes* content = words[1].starts_with("pki:") ? from_pki(words[1].substr(4)) : nullptr;
    if (content == nullptr) return "nothing of that name: " + words[1];
    const std::string count = std::to_string(content->size());
    const Bytes command = "AT+QSECWRITE=\"" + words[0] + "\"," + count + ",100\r";
    run.port().send(command);
    if (auto restless = run.settle()) return restless;
    const Bytes echo = run.port().session().line.echo ? command : Bytes();
    if (auto problem = run.expect_octets(echo + "\r\nCONNECT\r\n")) return problem;
    run.port().send(*content);
    if (auto restless = run.settle()) return restless;
    return run.expect_octets("\r\n+QSECWRITE: " + count + "," + codec::checksum_text(*content) + "\r\n\r\nOK\r\n");
}

}  // namespace atls::test
