#include <gtest/gtest.h>

#include <map>

#include "net/net.hpp"
#include "unit/net/bench.hpp"

namespace atls::net {
namespace {

using modem::NetError;
using Answer = Result<modem::Resolved, modem::NetFailure>;
using namespace std::chrono_literals;

constexpr char type_a = 1;
constexpr char type_aaaa = 28;

/// Answers from a table of (name, type) -> addresses in network form.
class NameServer {
public:
    explicit NameServer(loop::Loop& loop) : watch_(loop, peer_.fd.get(), [this] { serve(); }) {
        watch_.want_read(true);
    }

    [[nodiscard]] std::string address() const { return loop::host_and_port("127.0.0.1", peer_.endpoint().port); }

    std::map<std::pair<std::string, char>, std::vector<Bytes>> records;
    char code = 0;  ///< RCODE when there is no record at all; 0: NXDOMAIN
    bool silent = false;
    int asked = 0;

private:
    void serve() {
        Bytes query(512, '\0');
        sockaddr_storage from{};
        socklen_t size = sizeof from;
        auto* address = reinterpret_cast<sockaddr*>(&from);
        const auto count = ::recvfrom(peer_.fd.get(), query.data(), query.size(), 0, address, &size);
        if (count < 12) return;
        ++asked;
        if (silent) return;
        query.resize(static_cast<std::size_t>(count));
        const auto answer = answer_to(query);
        ::sendto(peer_.fd.get(), answer.data(), answer.size(), 0, address, size);
    }

    Bytes answer_to(const Bytes& query) {
        std::string name;
        std::size_t at = 12;
        while (query[at] != 0) {
            const auto length = std::size_t{static_cast<unsigned char>(query[at])};
            name += (name.empty() ? "" : ".") + query.substr(at + 1, length);
            at += 1 + length;
        }
        const char type = query[at + 2];
        const Bytes question = query.substr(12, at + 5 - 12);
        const auto found = records.find({name, type});
        const bool known =
            found != records.end() || records.contains({name, type_a}) || records.contains({name, type_aaaa});
        const auto count = found == records.end() ? std::size_t{0} : found->second.size();
        Bytes answer = query.substr(0, 2);
        answer += '\x81';
        answer += code != 0 ? code : static_cast<char>(known ? 0x80 : 0x83);
        answer += Bytes("\0\1\0", 3) + static_cast<char>(count) + Bytes(4, '\0') + question;
        for (std::size_t i = 0; i < count; ++i) {
            const Bytes& data = found->second[i];
            answer += Bytes("\xC0\x0C\0", 3) + type + Bytes("\0\1", 2);
            answer += Bytes("\0\0\0", 3) + static_cast<char>(60 + i) + '\0' + static_cast<char>(data.size()) + data;
        }
        return answer;
    }

    Peer peer_{SOCK_DGRAM};
    loop::Watch watch_;
};

class Names : public testing::Test {
protected:
    Answer ask(const std::string& name, const std::vector<std::string>& of) {
        std::optional<Answer> answer;
        bool inside = true;
        const auto operation = over(loop, settings)->resolve(name, of, [&](Answer given) {
            EXPECT_FALSE(inside);
            EXPECT_FALSE(answer.has_value());
            answer.emplace(std::move(given));
        });
        inside = false;
        EXPECT_TRUE(loop.run_until([&] { return answer.has_value(); }, generous));
        return answer ? *answer : Answer(modem::NetFailure{});
    }
    Answer ask(const std::string& name) { return ask(name, {server.address()}); }
    static std::vector<std::string> addresses(const Answer& answer) {
        return answer.ok() ? answer.value().addresses : std::vector{answer.error().text};
    }

    loop::Loop loop;
    NameServer server{loop};
    Settings settings{.hosts = {{"test.server", {"127.0.0.1", "::1"}}}, .dns_timeout = 50ms, .dns_tries = 2};
};

using Texts = std::vector<std::string>;

TEST_F(Names, NeedNoServerIfNumericOrLocal) {
    EXPECT_EQ(addresses(ask("192.0.2.7")), Texts{"192.0.2.7"});
    EXPECT_EQ(addresses(ask("2001:db8::7")), Texts{"2001:db8::7"});
    EXPECT_EQ(addresses(ask("localhost")), Texts{"127.0.0.1"});
    EXPECT_EQ(addresses(ask("Test.Server")), (Texts{"127.0.0.1", "::1"}));
    EXPECT_EQ(server.asked, 0);
}

TEST_F(Names, AreAskedOfTheGivenServer) {
    server.records[{"echo.example", type_a}] = {Bytes("\xC0\0\2\1", 4), Bytes("\xC0\0\2\2", 4)};
    server.records[{"echo.example", type_aaaa}] = {Bytes("\x20\1\x0D\xB8\0\0\0\0\0\0\0\0\0\0\0\1", 16)};
    const auto answer = ask("echo.example");
    EXPECT_EQ(addresses(answer), (Texts{"192.0.2.1", "192.0.2.2"}));
    EXPECT_EQ(answer.value().ttl_seconds, 60U);
    EXPECT_EQ(server.asked, 1) << "IPv6 is not asked for when there is IPv4";
}

TEST_F(Names, HaveIpv6AddressesIfThereIsNoOther) {
    server.records[{"six.example", type_aaaa}] = {Bytes("\x20\1\x0D\xB8\0\0\0\0\0\0\0\0\0\0\0\1", 16)};
    EXPECT_EQ(addresses(ask("six.example")), Texts{"2001:db8::1"});
}

TEST_F(Names, ThatAreNoneSaySo) {
    const auto answer = ask("none.example");
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().code, NetError::name_not_found);
    EXPECT_EQ(answer.error().text, "resolve none.example at " + server.address() + ": domain name not found");
    for (const std::string& name : {std::string(), std::string("a\0b", 3), std::string(70, 'x') + ".example"}) {
        const auto refused = ask(name);
        ASSERT_FALSE(refused.ok());
        EXPECT_EQ(refused.error().code, NetError::name_not_found) << refused.error().text;
    }
}

TEST_F(Names, AFailingServerSaysSo) {
    server.code = static_cast<char>(0x82);
    const auto answer = ask("echo.example");
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().code, NetError::name_server_failed) << answer.error().text;
}

TEST_F(Names, ASilentServerIsGivenUp) {
    server.silent = true;
    const auto answer = ask("echo.example");
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().code, NetError::name_server_failed);
    EXPECT_NE(answer.error().text.find("imeout"), std::string::npos) << answer.error().text;
    EXPECT_EQ(server.asked, 2);
}

TEST_F(Names, TheNextServerIsAskedWhenOneIsSilent) {
    NameServer second(loop);
    server.silent = true;
    second.records[{"echo.example", type_a}] = {Bytes("\xC0\0\2\1", 4)};
    EXPECT_EQ(addresses(ask("echo.example", {server.address(), second.address()})), Texts{"192.0.2.1"});
}

TEST_F(Names, AServerMustBeNumeric) {
    const auto answer = ask("echo.example", {"dns.example"});
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().code, NetError::bad_address);
}

TEST_F(Names, AWithdrawnQuestionIsNeverAnswered) {
    server.silent = true;
    const auto never = [](const Answer&) { ADD_FAILURE() << "called"; };
    const auto net = over(loop, settings);
    net->resolve("echo.example", {server.address()}, never).reset();
    net->resolve("127.0.0.1", {}, never).reset();
    auto under_way = net->resolve("echo.example", {server.address()}, never);
    ASSERT_TRUE(loop.run_until([&] { return server.asked >= 1; }, generous));
    under_way.reset();
    EXPECT_FALSE(loop.run_until([] { return false; }, 150ms)) << "past its time-out";
}

TEST_F(Names, TheAnswerMayDestroyTheQuestion) {
    server.records[{"echo.example", type_a}] = {Bytes("\xC0\0\2\1", 4)};
    const auto net = over(loop, settings);
    std::unique_ptr<modem::Operation> operation;
    bool called = false;
    operation = net->resolve("echo.example", {server.address()}, [&, keep = std::string(100, 'x')](const Answer& a) {
        operation.reset();
        called = a.ok() && keep.size() == 100;
    });
    EXPECT_TRUE(loop.run_until([&] { return called; }, generous));
}

}  // namespace
}  // namespace atls::net
