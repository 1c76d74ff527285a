// The parts of URLs that a request needs.
#include "codec/url.hpp"

#include <gtest/gtest.h>

namespace atls::codec {
namespace {

TEST(Url, IsTakenApart) {
    struct Row {
        const char* text;
        bool secure;
        const char* host;
        int port;
        const char* target;
        const char* authority;
    };
    const Row rows[] = {
        {"http://a.example/x?y=1#z", false, "a.example", 80, "/x?y=1", "a.example"},
        {"HTTPS://a.example", true, "a.example", 443, "/", "a.example"},
        {"https://220.180.239.201:8417/test/testfiles/test2000.html", true, "220.180.239.201", 8417,
         "/test/testfiles/test2000.html", "220.180.239.201:8417"},
        {"http://a.example:443/", false, "a.example", 443, "/", "a.example:443"},
        {"http://a.example:/x", false, "a.example", 80, "/x", "a.example"},
        {"http://me:secret@a.example?q", false, "a.example", 80, "/?q", "a.example"},
        {"http://[2001:db8::1]:8080/x", false, "2001:db8::1", 8080, "/x", "[2001:db8::1]:8080"},
        {"https://[::1]", true, "::1", 443, "/", "[::1]"},
    };
    for (const Row& row : rows) {
        const auto url = parse_url(row.text);
        ASSERT_TRUE(url) << row.text;
        EXPECT_EQ(url->secure, row.secure) << row.text;
        EXPECT_EQ(url->host, row.host) << row.text;
        EXPECT_EQ(url->port, row.port) << row.text;
        EXPECT_EQ(url->target, row.target) << row.text;
        EXPECT_EQ(url->authority(), row.authority) << row.text;
    }
}

TEST(Url, IsRefused) {
    for (const char* const text : {"", "http://", "a.example/x", "ftp://a.example/", "http:///x", "http://a.example:0/",
                                   "http://a.example:70000/", "http://a.example:8x/", "http://a b.example/",
                                   "http://a.example/\r\nX: y", "http://[::1", "http://[::1]x/", "/x"}) {
        EXPECT_FALSE(parse_url(text)) << text;
    }
}

}  // namespace
}  // namespace atls::codec
