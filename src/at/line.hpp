// The port's own signals, driven by a session; the wiring gives them to a link. All of them take effect after the bytes
// already queued have left.
#pragma once

namespace atls::at {

class Line {
public:
    /// There is output to pull, or input that was refused can be offered again. Cheap, may be called often.
    virtual void wake() = 0;
    /// 0, autobaud: the line's own.
    virtual void set_rate(unsigned /*bits_per_second*/) {}
    /// As AT+ICF has them. 0: the line's own.
    virtual void set_format(int /*format*/, int /*parity*/) {}
    /// 0 none, 1 XON/XOFF, 2 RTS/CTS.
    virtual void set_flow(int /*by_host*/, int /*by_module*/) {}
    virtual void set_dcd(bool /*on*/) {}
    virtual void set_ri(bool /*on*/) {}

protected:
    ~Line() = default;
};

}  // namespace atls::at
