// What the ports of one modem share, and the catalogue of a dialect.
#include <gtest/gtest.h>

#include <any>

#include "at/catalogue.hpp"
#include "unit/at/bench.hpp"

namespace atls::at::test {
namespace {

TEST(Unit, KnowsItsPorts) {
    Bench bench;
    bench.world.port("usbat");
    auto& unit = bench.world.unit;
    EXPECT_EQ(unit.ports(), 2U);
    EXPECT_EQ(unit.port("uart1"), &bench.session);
    EXPECT_EQ(unit.port(modem::PortId{1})->name(), "usbat");
    EXPECT_EQ(unit.port("nowhere"), nullptr);
    EXPECT_EQ(unit.port(modem::PortId{9}), nullptr);
    EXPECT_EQ(unit.port_name(0), "uart1");
    EXPECT_EQ(unit.urc_ports().front()->name(), "usbat");
    unit.set_urc_port("usbmodem");
    EXPECT_EQ(unit.urc_ports().front()->name(), "uart1");
    EXPECT_EQ(unit.urc_ports().size(), 1U);
    unit.set_urc_port("all");
    ASSERT_EQ(unit.urc_ports().size(), 2U);
    EXPECT_EQ(unit.urc_ports().back()->name(), "usbat");
}

TEST(UnitDeathTest, HasNoNameForAPortItDoesNotHave) {
    Bench bench;
    EXPECT_DEATH((void)bench.world.unit.port_name(9), "unknown port");
}

TEST(Unit, KnowsOfDataPhasesOnOtherPorts) {
    Bench bench;
    auto& other = bench.world.port("usbat");
    auto& unit = bench.world.unit;
    EXPECT_FALSE(unit.data_phase_elsewhere(bench.session));
    other.send("AT+UPLOAD=5\r");
    bench.hear();
    EXPECT_TRUE(unit.data_phase_elsewhere(bench.session));
    EXPECT_FALSE(unit.data_phase_elsewhere(other.session()));
    other.send("12345");
    bench.hear();
    EXPECT_FALSE(unit.data_phase_elsewhere(bench.session));
    // Transparent mode is none of the kind.
    bench.open(3);
    bench.ask("AT+TRANS=3");
    EXPECT_FALSE(unit.data_phase_elsewhere(other.session()));
}

TEST(Unit, KeepsADialectsStateUntilPowerOff) {
    Bench bench;
    struct Mine {
        int value = 5;
    };
    EXPECT_EQ(bench.world.unit.state<Mine>().value, 5);
    bench.world.unit.state<Mine>().value = 6;
    EXPECT_EQ(bench.world.unit.state<Mine>().value, 6);
    bench.world.modem.power_off();
    bench.world.settle();
    EXPECT_EQ(bench.world.unit.state<Mine>().value, 5);
}

TEST(Unit, IsDeafWithoutPower) {
    Bench bench;
    bench.say("AT+UPLOAD=5\r");
    bench.world.modem.power_off();
    bench.hear();
    EXPECT_EQ(bench.say("AT\r"), "");
    EXPECT_FALSE(bench.session.in_data_phase());
    bench.world.modem.power_on();
    bench.wait(std::chrono::seconds(60));
    EXPECT_EQ(bench.say("AT\r"), "AT\r\r\nOK\r\n");
}

TEST(Unit, TellsEveryPortThatWaitsForTheSame) {
    Bench bench;
    auto& other = bench.world.port("usbat");
    bench.ask("ATE0");
    bench.say("AT+WAIT\r");
    other.send("ATE0\rAT+WAIT\r");
    bench.hear();
    other.take_received();
    bench.world.modem.contexts.activate(awaited_context);
    bench.world.modem.contexts.deactivate(awaited_context);
    EXPECT_EQ(bench.hear(), "\r\n+WAIT: over\r\n\r\nOK\r\n");
    EXPECT_EQ(other.take_received(), "\r\n+WAIT: over\r\n\r\nOK\r\n");
}

const CatalogueEntry* entry(const std::vector<CatalogueEntry>& entries, const std::string& name) {
    for (const auto& one : entries) {
        if (one.name == name) return &one;
    }
    return nullptr;
}

TEST(Catalogue, HasEveryFormOnce) {
    const auto entries = catalogue(bench_dialect());
    std::set<std::string> names;
    for (const auto& one : entries) EXPECT_TRUE(names.insert(one.name).second) << one.name;
    for (const char* name : {"+OK execute", "+OK read", "+OK set", "+OK test", "+INFO execute", "+PLAIN test", "E set",
                             "+KEYS test", "+KEYS=\"plain\" query", "+KEYS=\"plain\" set", "+KEYS=\"queryless\" set",
                             "+KEYS=\"asks\" query", "+MISSING", "URC +LOST"}) {
        EXPECT_TRUE(names.contains(name)) << name;
    }
    for (const char* name :
         {"+INFO set", "+NOTEST test", "E test", "+KEYS set", "+KEYS=\"queryless\" query", "+KEYS=\"asks\" set"}) {
        EXPECT_FALSE(names.contains(name)) << name;
    }
}

TEST(Catalogue, SaysHowAFormIsTyped) {
    const auto entries = catalogue(bench_dialect());
    EXPECT_EQ(entry(entries, "+UPLOAD set")->shape, "AT+UPLOAD=<number>[,<maybe>]");
    EXPECT_EQ(entry(entries, "+OK read")->shape, "AT+OK?");
    EXPECT_EQ(entry(entries, "+KEYS=\"plain\" query")->shape, "AT+KEYS=\"plain\",<number>");
    EXPECT_EQ(entry(entries, "+KEYS=\"plain\" set")->shape, "AT+KEYS=\"plain\",<number>[,<maybe>[,<text>[,<quiet>]]]");
    EXPECT_TRUE(entry(entries, "+KEYS=\"hidden\" set")->hidden);
    EXPECT_TRUE(entry(entries, "+MISSING")->missing);
    EXPECT_TRUE(entry(entries, "+KEYS=\"gone\"")->missing);
    EXPECT_EQ(entry(entries, "+KEYS=\"gone\"")->shape, "AT+KEYS=\"gone\"");
}

TEST(Catalogue, LetsTheFirstTableReplaceARow) {
    static const Command replaced[] = {{.name = "+MINE",
                                        .params = {},
                                        .set = nullptr,
                                        .read = nullptr,
                                        .execute = [](Call&) { return ok(); },
                                        .origin = note("new", "1")}};
    static const Command old[] = {{.name = "+MINE",
                                   .params = {},
                                   .set = nullptr,
                                   .read = nullptr,
                                   .execute = [](Call&) { return error(); },
                                   .origin = note("old", "1")}};
    Dialect dialect;
    dialect.tables = {replaced, old};
    EXPECT_EQ(dialect.find("+MINE"), &replaced[0]);
    EXPECT_EQ(dialect.find("+OTHER"), nullptr);
    const auto entries = catalogue(dialect);
    ASSERT_EQ(entries.size(), 2U);  // execute, test
    EXPECT_EQ(words_of(entries.front().origin), "note new 1");
}

TEST(Catalogue, ListsPartsThatAreMissing) {
    static const Part parts[] = {{"+EVENT: <n>", standard("27.007", "10.1.19")}};
    Dialect dialect;
    dialect.missing_parts = {parts};
    const auto entries = catalogue(dialect);
    ASSERT_EQ(entries.size(), 1U);
    EXPECT_TRUE(entries.front().missing);
    EXPECT_NE(markdown(dialect).find("| `+EVENT: <n>` | standard 27.007 10.1.19 |"), std::string::npos);
}

TEST(Quirks, ReachTheDevicesProfile) {
    Quirks quirks;
    EXPECT_FALSE(with_quirks({}, quirks).unauthenticated_checks);
    quirks.unauthenticated_checks = 1;
    EXPECT_TRUE(with_quirks({}, quirks).unauthenticated_checks);
}

TEST(Catalogue, WritesADocument) {
    const std::string text = markdown(bench_dialect());
    for (const char* part : {"## BENCH\n", "| `AT+OK?` | guess |", "(not in `=?`)",
                             "not built; commands and keys answer `ERROR`", "| `escape_before_ms` | 1000 |"}) {
        EXPECT_NE(text.find(part), std::string::npos) << part;
    }
}

TEST(Origins, AreWords) {
    EXPECT_EQ(words_of(note("BG96 SSL", "2.1.1")), "note BG96 SSL 2.1.1");
    EXPECT_EQ(words_of(manual("M66")), "manual M66");
    EXPECT_EQ(words_of(standard("V.250", "5.3")), "standard V.250 5.3");
    EXPECT_EQ(words_of(trace("BG96")), "trace BG96");
    EXPECT_EQ(words_of(driver("mbed")), "driver mbed");
    EXPECT_EQ(words_of(guess()), "guess");
}

TEST(Quirks, HaveNamesOfTheirOwnAndAMeaning) {
    std::set<std::string_view> names;
    for (const auto& quirk : all_quirks()) {
        EXPECT_TRUE(names.insert(quirk.name).second) << quirk.name;
        EXPECT_FALSE(quirk.meaning.empty()) << quirk.name;
    }
}

}  // namespace
}  // namespace atls::at::test
