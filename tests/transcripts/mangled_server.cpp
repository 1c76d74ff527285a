#include "transcripts/mangled_server.hpp"

namespace atls::test {

namespace {
constexpr std::size_t header_size = 5;
std::size_t length_of(BytesView record) {
    return static_cast<std::size_t>(static_cast<unsigned char>(record[3])) * 256 +
           static_cast<unsigned char>(record[4]);
}
}  // namespace

void MangledServer::on_bytes(FakePeer&, BytesView octets) {
    tls.feed(octets);
    tls.take_plaintext();
    flush();
}

void MangledServer::send(BytesView plain) {
    tls.write(plain);
    flush();
}

void MangledServer::flush() {
    unsplit_ += tls.take_output();
    while (unsplit_.size() >= header_size && unsplit_.size() >= header_size + length_of(unsplit_)) {
        Bytes record = unsplit_.substr(0, header_size + length_of(unsplit_));
        unsplit_.erase(0, record.size());
        mangle_(*peer_, sent_++, std::move(record));
    }
}

Bytes alert(int level, int description) {
    return Bytes("\x15\x03\x03\x00\x02", 5) + static_cast<char>(level) + static_cast<char>(description);
}

Bytes with_length(Bytes record, std::size_t length) {
    record[3] = static_cast<char>(length >> 8U);
    record[4] = static_cast<char>(length & 255U);
    return record;
}

}  // namespace atls::test
