// The command line: subcommands and flags.
#pragma once

namespace atls::app {

/// The program's exit status: 0, 1 where a subcommand says so, 2 with one line on standard error when it cannot start.
int main(int argc, const char* const* argv);

}  // namespace atls::app
