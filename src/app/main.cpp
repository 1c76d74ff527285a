#include "app/command_line.hpp"

int main(int argc, char** argv) { return atls::app::main(argc, argv); }
