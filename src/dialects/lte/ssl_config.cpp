#include "dialects/lte/ssl_config.hpp"

#include "at/unit.hpp"

namespace atls::dialects::lte::ssl_config {

using namespace at;
using modem::SslContext;

SslContext& changed(Call& call) { return call.modem().ssl_contexts[call.number(context)]; }

SslContext current(const Call& call, int number) {
    const auto& contexts = call.modem().ssl_contexts;
    const auto found = contexts.find(number);
    return found == contexts.end() ? SslContext{} : found->second;
}

std::string answer_line(const Call& call, std::int64_t number, const std::string& value) {
    return line("+QSSLCFG: ", quoted(call.key->name), ",", number, ",", value);
}

Reply query_suite(Call& call) {
    const int context_number = call.number(context);
    return info(answer_line(call, context_number, hex4(current(call, context_number).suite)));
}

}  // namespace atls::dialects::lte::ssl_config
