#include "link/line_server.hpp"

#include <gtest/gtest.h>

#include "unit/link/bench.hpp"

namespace atls::link {
namespace {

class Lines : public testing::Test {
protected:
    Lines() {
        auto opened = LineServer::open(loop, path, [this](std::string_view line) {
            asked.emplace_back(line);
            return "<" + std::string(line) + ">" + padding + "\n";
        });
        EXPECT_TRUE(opened.ok());
        server = std::move(*opened);
    }
    std::unique_ptr<Host> client() {
        auto one = std::make_unique<Host>(loop, loop::Fd(connect_unix(path)), loop::Fd());
        one->want_read(true);
        return one;
    }

    Scratch scratch;
    std::string path = scratch / "control";
    loop::Loop loop;
    std::string padding;
    std::vector<std::string> asked;
    std::unique_ptr<LineServer> server;
};

TEST_F(Lines, EachIsAnsweredInOrderWhateverThePieces) {
    auto one = client();
    for (const char* piece : {"sta", "tus\nmod", "ems\r\n", "\n"}) {
        one->send(piece);
        loop.poll();
    }
    EXPECT_TRUE(loop.run_until([&] { return one->received == "<status>\n<modems>\n<>\n"; }, generous));
}

TEST_F(Lines, ManyClientsDoNotMix) {
    std::vector<std::unique_ptr<Host>> many(50);
    for (auto& one : many) one = client();
    for (std::size_t i = 0; i < many.size(); ++i) many[i]->send(std::to_string(i) + "\n");
    EXPECT_TRUE(loop.run_until([&] { return asked.size() == many.size(); }, generous));
    const auto last = [&] { return !many.back()->received.empty() && !many.front()->received.empty(); };
    EXPECT_TRUE(loop.run_until(last, generous));
    EXPECT_EQ(many[0]->received, "<0>\n");
    EXPECT_EQ(many[49]->received, "<49>\n");
    many.clear();
    EXPECT_TRUE(loop.run_until([&] { return server->clients() == 0; }, generous));
}

TEST_F(Lines, TheLastLineNeedsNoEndAndIsAnsweredAfterTheClientsEof) {
    auto one = client();
    one->send("status");
    loop.poll();
    ::shutdown(one->in(), SHUT_WR);
    EXPECT_TRUE(loop.run_until([&] { return one->ended; }, generous));
    EXPECT_EQ(one->received, "<status>\n");
    EXPECT_TRUE(loop.run_until([&] { return server->clients() == 0; }, generous));
}

TEST_F(Lines, AClientThatDoesNotReadIsNotReadFrom) {
    padding = Bytes(100'000, 'x');
    auto one = client();
    one->want_read(false);
    one->to_send.append(Bytes(40'000, '\n'));
    one->send("");
    for (int i = 0; i < 100; ++i) loop.poll();
    EXPECT_LT(asked.size(), 100U);
    const auto before = asked.size();
    one->want_read(true);
    EXPECT_TRUE(loop.run_until([&] { return asked.size() > before + 100; }, generous));
}

TEST_F(Lines, AnEndlessLineIsTheEnd) {
    auto one = client();
    one->send(Bytes(LineServer::longest_line + 100'000, 'x'));
    EXPECT_TRUE(loop.run_until([&] { return one->ended; }, generous));
    EXPECT_TRUE(asked.empty());
}

TEST_F(Lines, AllCanBeTold) {
    auto one = client();
    auto two = client();
    ASSERT_TRUE(loop.run_until([&] { return server->clients() == 2; }, generous));
    server->tell_all("event\n");
    EXPECT_TRUE(loop.run_until([&] { return one->received == "event\n" && two->received == "event\n"; }, generous));
}

TEST_F(Lines, TheNameGoesWithTheServerAndItsClientsAreClosed) {
    auto one = client();
    ASSERT_TRUE(loop.run_until([&] { return server->clients() == 1; }, generous));
    auto second = LineServer::open(loop, path, [](std::string_view) { return ""; });
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().text, path + ": cannot listen: another program listens there");
    server.reset();
    EXPECT_TRUE(loop.run_until([&] { return one->ended; }, generous));
    EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace atls::link
