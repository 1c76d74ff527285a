#include "app/command_line.hpp"

#include <CLI/CLI.hpp>
#include <charconv>
#include <csignal>
#include <iostream>
#include <string>
#include <utility>

#include "app/console.hpp"
#include "app/ctl.hpp"
#include "app/listings.hpp"
#include "app/run.hpp"
#include "app/version.hpp"
#include "at/catalogue.hpp"
#include "base/bytes.hpp"

namespace atls::app {

namespace {

constexpr int cannot_start = 2;

using Ended = Result<int, StartFailure>;

Ended print(const std::string& text) {
    std::cout << text << std::flush;
    if (!std::cout) return StartFailure{"standard output cannot be written"};
    return 0;
}

/// Options as flags, with the files and pairs that overlay them.
class Flags {
public:
    explicit Flags(CLI::App& command) {
        for (const TextOption& option : text_options) {
            command.add_option("--" + std::string(option.name), options_.*option.value, option.help);
        }
        command.add_option("--seed", options_.seed, "another seed, another IMEI, IMSI and ICCID")
            ->check([](const std::string& text) {
                // CLI11 would take -1 for the largest number there is.
                std::uint64_t number = 0;
                const char* end = text.data() + text.size();
                const auto [stopped, fault] = std::from_chars(text.data(), end, number);
                const bool good = fault == std::errc() && stopped == end;
                return good ? std::string() : "\"" + printable(text) + "\" is not a number of 0 or more";
            });
        command.add_option("--config", config_, "a TOML file; its keys are these flags, and flags win");
        for (std::size_t i = 0; i < std::size(pair_options); ++i) {
            command.add_option("--" + std::string(pair_options[i].name), pairs_[i], pair_options[i].help)
                ->type_name(pair_options[i].form)
                ->allow_extra_args(false);
        }
    }

    [[nodiscard]] Result<Settings, StartFailure> settle(const Environment& around, bool demo) const {
        Options options = options_;
        for (std::size_t i = 0; i < std::size(pair_options); ++i) {
            for (const std::string& text : pairs_[i]) {
                const auto equals = text.find('=');
                if (equals == 0 || equals == std::string::npos || equals + 1 == text.size()) {
                    return StartFailure{std::string("--") + pair_options[i].name + ": \"" + printable(text, 200) +
                                        "\" is not " + pair_options[i].form};
                }
                (options.*pair_options[i].values).push_back({text.substr(0, equals), text.substr(equals + 1)});
            }
        }
        if (config_) {
            const auto file = read_config(*config_);
            if (!file) return file.error();
            options = overlay(std::move(options), *file);
        }
        // The demo puts files of its own into UFS: not among the user's, unless told so.
        if (demo && !options.storage) options.storage = "memory";
        return app::settle(options, around);
    }

private:
    Options options_;
    std::optional<std::string> config_;
    std::vector<std::string> pairs_[std::size(pair_options)];
};

class CommandLine {
public:
    CommandLine()
        : app_("atls: a cellular modem in software", "atls"),
          run_flags_(
              *app_.add_subcommand("run", "a module on links that a host driver opens, until SIGTERM or SIGINT")),
          console_flags_(*app_.add_subcommand("console", "a module on this terminal, with line editing")) {
        app_.require_subcommand(0, 1);
        app_.set_version_flag("--version", "atls " + std::string(version));
        app_.get_subcommand("console")->add_flag("--demo", demo_, "with servers to talk to, and their CA in UFS");
        app_.add_subcommand("modules", "the modules there are");
        for (const char* name : {"suites", "commands"}) {
            const bool suites = std::string_view(name) == "suites";
            CLI::App* command =
                app_.add_subcommand(name, suites ? "cipher suites of a module" : "commands and URCs of a module");
            command->add_option("MODULE", module_, "atls modules lists them")->required();
            if (!suites) command->add_flag("--markdown", markdown_, "as in docs/commands.md");
        }
        CLI::App* ctl_command = app_.add_subcommand(
            "ctl",
            "a control verb to a running modem: atls ctl [OPTIONS] VERB …; atls ctl help lists them while one runs");
        auto* socket = ctl_command->add_option("--socket", ctl_.socket, "its control socket's path");
        ctl_command->add_option("--modem", ctl_.modem, "its name; needless when one runs")->excludes(socket);
        ctl_command->prefix_command();
    }

    Ended run(int argc, const char* const* argv) {
        try {
            app_.parse(argc, argv);
        } catch (const CLI::Success& asked) {  // --help, --version
            app_.exit(asked);
            return 0;
        } catch (const CLI::ParseError& wrong) {
            std::string text = wrong.what();
            return StartFailure{text.substr(0, text.find('\n')) + " (atls --help)"};
        }
        return dispatch();
    }

private:
    Ended dispatch() {
        if (app_.get_subcommands().empty()) return StartFailure{"no command; atls --help lists them"};
        const Environment around = environment();
        const std::string command = app_.get_subcommands().front()->get_name();
        if (command == "run" || command == "console") {
            const auto settings = (command == "run" ? run_flags_ : console_flags_).settle(around, demo_);
            if (!settings) return settings.error();
            return command == "run" ? app::run(*settings, around) : console(*settings, demo_);
        }
        if (command == "ctl") {
            ctl_.words = app_.get_subcommand("ctl")->remaining();
            return ctl(ctl_, around);
        }
        if (command == "modules") return print(modules_listing());
        const auto module = module_named(module_);
        if (!module) return module.error();
        if (command == "suites") return print(suites_listing(**module));
        return print(markdown_ ? at::markdown(**module) : commands_listing(**module));
    }

    CLI::App app_;
    Flags run_flags_;
    Flags console_flags_;
    bool demo_ = false;
    bool markdown_ = false;
    std::string module_;
    CtlRequest ctl_;
};

}  // namespace

int main(int argc, const char* const* argv) {
    std::signal(SIGPIPE, SIG_IGN);
    const Ended ended = CommandLine().run(argc, argv);
    if (ended) return *ended;
    std::cerr << "atls: " << ended.error().text << "\n";
    return cannot_start;
}

}  // namespace atls::app
