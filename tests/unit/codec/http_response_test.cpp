// Responses as they arrive, in pieces of any length.
#include "codec/http_response.hpp"

#include <gtest/gtest.h>

namespace atls::codec {
namespace {

struct Taken {
    HttpResponse response;
    Bytes body;
    std::size_t left = 0;  ///< octets behind the response
};

/// Arrives in pieces of `piece` octets and is read in pieces of `room`; then the connection ends, if it does.
Taken take(std::string_view octets, std::size_t piece, std::size_t room, bool ends) {
    Taken taken;
    Bytes waiting;
    for (;;) {
        const std::size_t count = std::min(piece, octets.size());
        waiting += octets.substr(0, count);
        octets.remove_prefix(count);
        for (;;) {
            const auto before = taken.body.size();
            const std::size_t used = taken.response.feed(waiting, taken.body, room);
            waiting.erase(0, used);
            EXPECT_LE(taken.body.size(), before + room);
            if (waiting.empty() || (used == 0 && taken.body.size() == before)) break;
        }
        if (octets.empty()) break;
    }
    if (ends) taken.response.end();
    taken.left = waiting.size();
    return taken;
}

struct Row {
    const char* name;
    std::string octets;
    bool ends;
    HttpResponse::State state;
    int status;
    std::string body;
    std::size_t left;
};

using State = HttpResponse::State;

const Row rows[] = {
    {"Length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP", false, State::complete, 200, "hello", 4},
    {"Chunked",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4;x=y\r\nWiki\r\n5\r\npedia\r\n0\r\nTrailer: z\r\n\r\n",
     false, State::complete, 200, "Wikipedia", 0},
    {"Close", "HTTP/1.0 200 OK\r\n\r\nuntil the end", true, State::complete, 200, "until the end", 0},
    {"NoBody", "HTTP/1.1 204 No Content\r\n\r\n", false, State::complete, 204, "", 0},
    {"NotModified", "HTTP/1.1 304 Not Modified\r\nContent-Length: 12\r\n\r\n", false, State::complete, 304, "", 0},
    {"Empty", "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", false, State::complete, 404, "", 0},
    {"Interim",
     "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: "
     "2\r\n\r\nok",
     false, State::complete, 200, "ok", 0},
    {"Truncated", "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort", true, State::malformed, 200, "short", 0},
    {"TruncatedChunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nshort", true, State::malformed, 200,
     "short", 0},
    {"NoHead", "HTTP/1.1 200 OK\r\nContent-Le", true, State::malformed, 0, "", 0},
};

class Responses : public testing::TestWithParam<Row> {};

TEST_P(Responses, InPiecesOfAnyLength) {
    const Row& row = GetParam();
    for (const std::size_t piece : {std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{1000}}) {
        for (const std::size_t room : {std::size_t{1}, std::size_t{3}, std::size_t{1000}}) {
            SCOPED_TRACE(std::to_string(piece) + " at a time, room for " + std::to_string(room));
            const Taken taken = take(row.octets, piece, room, row.ends);
            EXPECT_EQ(taken.response.state(), row.state) << taken.response.fault();
            EXPECT_EQ(taken.body, row.body);
            EXPECT_EQ(taken.left, row.left);
            if (row.status == 0) continue;
            EXPECT_EQ(taken.response.status(), row.status);
            EXPECT_TRUE(taken.response.head().starts_with("HTTP/1.")) << taken.response.head();
            EXPECT_TRUE(taken.response.head().ends_with("\r\n\r\n"));
            EXPECT_NE(taken.response.head().find(" " + std::to_string(row.status) + " "), std::string::npos);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(All, Responses, testing::ValuesIn(rows),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(HttpResponse, TellsItsFields) {
    const Taken taken =
        take("HTTP/1.1 302 Found\r\nLocation: http://b.example/\r\nContent-Length: 7\r\n\r\n", 100, 100, false);
    EXPECT_EQ(taken.response.state(), State::body);
    EXPECT_EQ(taken.response.field("location"), "http://b.example/");
    EXPECT_EQ(taken.response.field("Server"), "");
    EXPECT_EQ(taken.response.content_length(), 7U);
    EXPECT_FALSE(taken.response.chunked());
}

TEST(HttpResponse, RefusesWhatIsNone) {
    for (const char* const octets :
         {"SSH-2.0-OpenSSH\r\n\r\n", "HTTP/1.1 2x0 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
          "HTTP/1.1 200 OK\r\nno field\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}) {
        EXPECT_EQ(take(octets, 1000, 1000, false).response.state(), State::malformed) << octets;
    }
    const std::string endless = "HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'x');
    const Taken taken = take(endless, 4096, 100, false);
    EXPECT_EQ(taken.response.state(), State::malformed);
    EXPECT_FALSE(taken.response.fault().empty());
}

}  // namespace
}  // namespace atls::codec
