#!/usr/bin/env python3
"""What is beside the octets of a port: the rate of a real UART, DTR through a stream that its peer does not read."""

import fcntl
import os
import pty
import select
import struct
import termios
import time
import tty

from modem import DEADLINE, Atls, Directory, Failure, Host, check, main
from mux_peer import RTC, RTR, TEST, UIH, frame, message, start
from peers import Peer as TlsPeer
from pki import Pki

TERMIOS2 = "4IB19s2I"
TCGETS2 = 0x802C542A


class Bench:
    def __init__(self, path):
        self.path = path
        self.pki = Pki(path)
        self.pki.issue("server", "echo.test", names=["DNS:echo.test", "IP:127.0.0.1"])


class Cable(Host):
    """A pty pair for a UART's octets: atls opens the device, this is the other end."""

    def __init__(self):  # pylint: disable=super-init-not-called
        self.socket = None
        self.fd, device = pty.openpty()
        tty.setraw(device)
        self.device = os.ttyname(device)
        os.close(device)
        os.set_blocking(self.fd, False)
        self.pending = b""

    def rate(self):
        return struct.unpack(TERMIOS2, fcntl.ioctl(self.fd, TCGETS2, bytes(struct.calcsize(TERMIOS2))))[-1]

    def until_rate(self, rate):
        until = time.monotonic() + DEADLINE
        while self.rate() != rate:
            check(time.monotonic() < until, f"the line has {self.rate()}, not {rate}")
            select.select([], [], [], 0.01)


def refused(port, module):
    try:
        with Atls({"uart1": port}, module=module):
            raise Failure(f"{module} on {port}")
    except Failure as failure:
        return str(failure)


def rate_of_a_uart(bench):
    """Behind @ is what the module begins with; what it has stored counts more."""
    store = os.path.join(bench.path, "rate")
    cable = Cable()
    with Atls({"uart1": f"tty:{cable.device}@9600"}, storage=store):
        check(cable.rate() == 9600, str(cable.rate()))
        cable.ok("ATE0")
        check(cable.ok("AT+IPR?") == "\r\n+IPR: 9600\r\n\r\nOK\r\n", "another rate is shown")
        cable.ok("AT+IPR=57600")
        cable.until_rate(57600)
        cable.send("AT+CFUN=1,1")
        cable.expect(b"\r\nRDY\r\n")
        cable.until_rate(9600)
        cable.ok("AT+IPR=57600")
        cable.ok("AT&W")
        cable.ok("AT+IPR=115200")
        cable.until_rate(115200)
        cable.send("AT+CFUN=1,1")
        cable.expect(b"\r\nRDY\r\n")
        cable.until_rate(57600)
    with Atls({"uart1": f"tty:{cable.device}@9600"}, storage=store):
        cable.until_rate(57600)
        check("+IPR: 57600" in cable.ok("AT+IPR?"), "another rate is shown")
    cable.close()
    # A rate that termios has no name for.
    cable = Cable()
    with Atls({"uart1": f"tty:{cable.device}@14400"}, module="M95"):
        check(cable.rate() == 14400, str(cable.rate()))
        cable.ok("ATE0")
        check("+IPR: 14400" in cable.ok("AT+IPR?"), "another rate is shown")
        cable.ok("AT+IPR=28800")
        cable.until_rate(28800)
        # Parity and size a pty does not have; that the line goes on is what shows here.
        cable.ok("AT+ICF=2,1")
        cable.ok("AT+ICF=3")
    said = refused(f"tty:{cable.device}@14400", "BG96")
    check(f"tty:{cable.device}@14400: AT+IPR of this module has no 14400, but 9600 19200" in said, said)
    cable.close()


def opening(peer):
    """A transparent connection whose peer reads nothing until it is told to."""
    return f'AT+QSSLOPEN=1,1,0,"127.0.0.1",{peer.port},2'


def speed(host, name):
    settings = termios.tcgetattr(host.fd)
    settings[4] = settings[5] = name
    termios.tcsetattr(host.fd, termios.TCSANOW, settings)


def fill(host, data):
    """Until the modem takes no more; how many octets it took."""
    sent = 0
    while sent < len(data) and select.select([], [host.fd], [], 0.5)[1]:
        sent += os.write(host.fd, data[sent:sent + 4096])
    check(sent < len(data), "the modem takes everything")
    return sent


def drop_on_a_pty(bench):
    """DTR gets the host out of a stream that is stuck, and not an octet is lost."""
    data = os.urandom(1 << 20) * 32
    path = os.path.join(bench.path, "stalled")
    with TlsPeer(bench.pki, "stall") as peer, Atls({"uart1": "pty:" + path}) as modem:
        host = modem.host("uart1")
        host.ok("ATE0&D1")
        host.ok("AT+QIACT=1")
        host.send(opening(peer))
        host.expect(b"\r\nCONNECT\r\n")
        sent = fill(host, data)
        speed(host, termios.B0)
        host.expect(b"\r\nOK\r\n")
        speed(host, termios.B115200)
        host.ok("AT")
        # The peer echoes what it reads now.
        peer.tell("go")
        host.send("ATO")
        host.expect(b"\r\nCONNECT\r\n")
        check(host.read(sent) == data[:sent], "other octets came back")
        host.close()


def drop_on_a_channel(bench):
    data = os.urandom(1 << 20) * 32
    with TlsPeer(bench.pki, "stall") as peer, Atls({"uart1": "tcp:127.0.0.1:0"}) as modem:
        mux = start(modem.host("uart1"))
        mux.open(1)
        mux.ok(1, "ATE0&D1")
        mux.ok(1, "AT+QIACT=1")
        mux.write(1, opening(peer).encode() + b"\r")
        mux.expect(1, b"\r\nCONNECT\r\n")
        sent = 0
        while 1 not in mux.stopped:
            mux.send(*(frame(1, UIH, data[at:at + mux.most]) for at in range(sent, sent + 32 * mux.most, mux.most)))
            sent += 32 * mux.most
            check(sent < len(data), "the modem takes everything")
            # A host that is far ahead would hear of the stop too late.
            mux.answers.clear()
            mux.send(frame(0, UIH, message(TEST)))
            mux.wait_for(lambda: (0, TEST) in mux.answers, "answer to Test")
        mux.set_signals(1, RTR)
        mux.expect(1, b"\r\nOK\r\n")
        mux.set_signals(1, RTC | RTR)
        mux.ok(1, "AT")
        peer.tell("go")
        mux.write(1, b"ATO\r")
        mux.expect(1, b"\r\nCONNECT\r\n")
        check(mux.read(1, sent) == data[:sent], "other octets came back")


def xoff(_):
    """With AT+IFC=1,1 XOFF and XON stop the module and let it go on, and are no data."""
    with Atls({"uart1": "tcp:127.0.0.1:0"}, module="M95") as modem:
        host = modem.host("uart1")
        host.ok("ATE0")
        host.ok("AT+IFC=1,1")
        host.write(b"A\x13T\r")
        check(not select.select([host.fd], [], [], 0.5)[0], "an answer in spite of XOFF")
        host.write(b"\x11")
        host.expect(b"\r\nOK\r\n")
        # A host that stopped it and went does not stop it for the next.
        host.write(b"\x13")
        host.close()
        host = modem.host("uart1")
        host.ok("AT")
        host.close()


def run():
    with Directory() as path:
        bench = Bench(path)
        main([(case.__name__, lambda case=case: case(bench)) for case in (rate_of_a_uart, drop_on_a_pty, drop_on_a_channel,
                           xoff)])


if __name__ == "__main__":
    run()
