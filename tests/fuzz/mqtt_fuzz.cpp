// libFuzzer's way into the MQTT packets: any octets, in pieces; what is a message must survive being sent again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "codec/mqtt.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    namespace mqtt = atls::codec::mqtt;
    if (size == 0) return 0;
    const atls::BytesView octets(reinterpret_cast<const char*>(data), size);
    const std::size_t step = 1 + data[0] % 64U;
    mqtt::Decoder decoder;
    for (std::size_t at = 1; at < size; at += step) {
        decoder.add(octets.substr(at, step));
        while (const auto packet = decoder.next()) {
            static_cast<void>(mqtt::id_of(*packet));
            const auto message = mqtt::publish_of(*packet);
            if (!message) continue;
            mqtt::Decoder again;
            again.add(mqtt::encode(*message));
            const auto same = again.next();
            if (!same || same->body != packet->body || same->flags != packet->flags) std::abort();
        }
    }
    return 0;
}
