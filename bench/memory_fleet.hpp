// Many modems in this process, each with a host that types at it, wired as the program wires them but for the links.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "app/machine.hpp"
#include "app/site.hpp"

namespace atls::bench {

class Host;

class Fleet {
public:
    struct Server {
        std::uint16_t port = 0;
        std::string trusted;  ///< PEM
    };
    explicit Fleet(Server server);
    ~Fleet();
    Fleet(const Fleet&) = delete;
    Fleet& operator=(const Fleet&) = delete;

    /// So many more modems, each connected, its echo read.
    void connect(int count);
    /// Lets time pass until the modems have given back what they give back when idle.
    void idle();

private:
    friend class Host;
    void pump(Host& host);

    Server server_;
    loop::Loop loop_;
    app::Site site_;
    app::Settings settings_;
    std::vector<std::unique_ptr<Host>> hosts_;
    int at_work_ = 0;
};

}  // namespace atls::bench
