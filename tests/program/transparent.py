#!/usr/bin/env python3
"""Transparent mode on a real pty against a real TLS server: volume, escape, resumption, ends."""

import hashlib
import os
import select
import termios

from modem import FULL, Atls, Directory, check, main
from peers import Peer, blocks
from pki import Pki

VOLUME = (1 << 30) if FULL else (100 << 20)


class Bench:
    def __init__(self, path):
        self.path = path
        self.pki = Pki(path)
        self.pki.issue("server", "echo.test", names=["DNS:echo.test", "IP:127.0.0.1"])

    def modem(self):
        return Atls({"uart1": "pty:" + os.path.join(self.path, "uart1")})


def connected(atls, port):
    host = atls.host("uart1")
    host.prepare()
    host.ok('AT+QSSLCFG="ciphersuite",1,0XC02F')
    host.send(f'AT+QSSLOPEN=1,1,0,"127.0.0.1",{port},2')
    check(host.match(rb"\r\n(CONNECT|ERROR)\r\n").group(1) == b"CONNECT", "no CONNECT")
    return host


def volume(bench):
    """Random octets both ways at once; both hashes must agree."""
    def case():
        with Peer(bench.pki, "duplex", VOLUME, 7) as peer, bench.modem() as atls:
            host = connected(atls, peer.port)
            wanted, sent, got = hashlib.sha256(), hashlib.sha256(), hashlib.sha256()
            for block in blocks(VOLUME, 7):
                wanted.update(block)
            outgoing, view, received = blocks(VOLUME, 8), memoryview(b""), 0
            got.update(host.pending)  # the server does not wait for the host
            received += len(host.pending)
            while received < VOLUME or view is not None:
                if view is not None and not view:
                    block = next(outgoing, None)
                    view = memoryview(block) if block else None
                    sent.update(block or b"")
                    continue
                readable, writable, _ = select.select([host.fd], [host.fd] if view else [], [], 60)
                check(readable or writable, f"stuck after {received} octets")
                if readable:
                    data = os.read(host.fd, 65536)
                    got.update(data)
                    received += len(data)
                if writable:
                    view = view[os.write(host.fd, view[:65536]):]
            check(received == VOLUME, f"{received} octets came instead of {VOLUME}")
            check(got.hexdigest() == wanted.hexdigest(), "what the modem gave differs from what the server sent")
            check(peer.line() == sent.hexdigest(), "what the server got differs from what the host wrote")
            host.close()
    return case


def quiet(host, seconds):
    """Nothing may come for so long: the guard time, which only real silence makes."""
    ready, _, _ = select.select([host.fd], [], [], seconds)
    check(not ready, "octets came in the guard time")


def escape(bench):
    def case():
        with Peer(bench.pki, "echo") as peer, bench.modem() as atls:
            host = connected(atls, peer.port)
            host.write(b"one+++two\r\n+++")          # without guards: data
            host.expect(b"one+++two\r\n+++")
            quiet(host, 1.2)
            host.write(b"+++")
            host.expect(b"\r\nOK\r\n")
            state = host.ok("AT+QSSLSTATE=0")
            check(",2,1,0,0,\"uart1\",1" in state, f"not in buffer mode: {state!r}")
            host.send("ATO")
            host.expect(b"\r\nCONNECT\r\n")
            host.write(b"three")
            host.expect(b"three")
            quiet(host, 1.2)
            host.write(b"+++")
            host.expect(b"\r\nOK\r\n")
            host.send("AT+QISWTMD=0,2")
            host.expect(b"\r\nCONNECT\r\n")
            host.write(b"four")
            host.expect(b"four")
            host.close()
    return case


def server_closes(bench):
    def case():
        with Peer(bench.pki, "close") as peer, bench.modem() as atls:
            host = atls.host("uart1")
            host.prepare()
            host.send(f'AT+QSSLOPEN=1,1,0,"127.0.0.1",{peer.port},2')
            host.expect(b"\r\nCONNECT\r\nbye\r\nNO CARRIER\r\n")
            check("OK" in host.ok("AT"), "no command mode")
            check(host.command("ATO").endswith("\r\nNO CARRIER\r\n"), "ATO found a connection")
            host.close()
    return case


def set_speed(fd, speed):
    settings = termios.tcgetattr(fd)
    settings[4] = settings[5] = speed
    termios.tcsetattr(fd, termios.TCSANOW, settings)


def dtr(bench):
    """AT&D1: the host drops DTR by setting speed 0; the modem leaves data mode and keeps the connection."""
    def case():
        with Peer(bench.pki, "echo") as peer, bench.modem() as atls:
            host = atls.host("uart1")
            host.ok("AT&D1")
            host.prepare()
            host.send(f'AT+QSSLOPEN=1,1,0,"127.0.0.1",{peer.port},2')
            host.expect(b"\r\nCONNECT\r\n")
            host.write(b"data")
            host.expect(b"data")
            set_speed(host.fd, termios.B0)
            host.expect(b"\r\nOK\r\n")
            set_speed(host.fd, termios.B115200)
            check('"SSLClient"' in host.ok("AT+QSSLSTATE=0"), "the connection is gone")
            host.send("ATO")
            host.expect(b"\r\nCONNECT\r\n")
            host.write(b"again")
            host.expect(b"again")
            host.close()
    return case


def slow_reader(bench):
    """A host that does not read for a while loses nothing."""
    def case():
        count = 3 << 20
        with Peer(bench.pki, "duplex", count, 3) as peer, bench.modem() as atls:
            host = connected(atls, peer.port)
            sent = hashlib.sha256()
            for block in blocks(count, 4):
                sent.update(block)
                view = memoryview(block)
                while view:
                    _, writable, _ = select.select([], [host.fd], [], 60)
                    check(writable, "the modem stopped taking octets")
                    view = view[os.write(host.fd, view[:65536]):]
            wanted = b"".join(blocks(count, 3))
            check(host.read(count) == wanted, "what the modem gave differs")
            check(peer.line() == sent.hexdigest(), "what the server got differs")
            host.close()
    return case


if __name__ == "__main__":
    with Directory() as directory:
        the_bench = Bench(directory)
        main([(f"{VOLUME >> 20} MB each way, hashes equal", volume(the_bench)),
              ("+++ without guards is data, with guards an escape; ATO and QISWTMD resume", escape(the_bench)),
              ("the server's close gives NO CARRIER", server_closes(the_bench)),
              ("AT&D1 and speed 0 leave data mode", dtr(the_bench)),
              ("a slow reader loses nothing", slow_reader(the_bench))])
