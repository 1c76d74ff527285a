#!/usr/bin/env python3
"""What every kind of link must do with the whole program behind it: bulk both ways, a slow reader, a host that vanishes anywhere."""

import hashlib
import os
import select
import socket
import subprocess
import threading
import time

from modem import DEADLINE, FULL, Atls, Directory, Host, check, main
from mux_peer import start
from peers import Peer, blocks
from pki import Pki

BULK = 100_000_000 if FULL else 5_000_000
IAC = b"\xff"


class Bench:
    def __init__(self, path):
        self.path = path
        self.pki = Pki(path)
        self.pki.issue("server", "echo.test", names=["DNS:echo.test", "IP:127.0.0.1"])


class UnixHost(Host):
    def __init__(self, path):  # pylint: disable=super-init-not-called
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)
        self.fd = self.socket.fileno()
        os.set_blocking(self.fd, False)
        self.pending = b""


class TelnetHost(Host):
    """Escapes what it writes and passes over options; a client that knows no more of telnet than that."""

    def __init__(self, url):
        super().__init__("tcp:" + url.partition(":")[2])
        self.state = "data"

    def write(self, data):
        super().write(data.replace(IAC, IAC + IAC))

    def fill(self):
        before, self.pending = self.pending, b""
        super().fill()
        raw, self.pending = self.pending, before
        if self.state == "data" and IAC not in raw:
            self.pending += raw
            return
        data = bytearray()
        for octet in raw:
            if self.state == "data":
                if octet == 0xFF:
                    self.state = "command"
                else:
                    data.append(octet)
            elif self.state == "command":
                if octet == 0xFF:
                    data.append(octet)
                self.state = {0xFA: "suboption"}.get(octet, "option" if 0xFB <= octet <= 0xFE else "data")
            elif self.state == "option":
                self.state = "data"
            elif self.state == "suboption":
                self.state = "suboption command" if octet == 0xFF else "suboption"
            else:
                self.state = "data" if octet == 0xF0 else "suboption"
        self.pending += bytes(data)


class Channel(Host):
    """One channel of the multiplexer on a TCP port."""

    def __init__(self, url):  # pylint: disable=super-init-not-called
        self.under = Host(url)
        self.mux = start(self.under)
        self.mux.open(1)
        self.pending = b""
        self.fd = self.under.fd

    def write(self, data):
        self.mux.write(1, data)
        self.gather()

    def fill(self):
        self.under.fill()
        self.gather()

    def gather(self):
        self.mux.take()
        self.pending += self.mux.take_data(1)

    def close(self):
        self.under.close()


class Link:
    """A kind of link: atls's port, and a host for it as often as one is wanted."""

    def __init__(self, name, url, host):
        self.name, self.url, self.host = name, url, host

    def start(self, bench):
        self.folder = os.path.join(bench.path, self.name)
        os.makedirs(self.folder, exist_ok=True)
        return Atls({"uart1": self.url.format(folder=self.folder)})

    def connect(self, atls):
        return self.host(atls.urls["uart1"])

    def stop(self):
        pass


class Cable(Link):
    """Two ptys that socat joins: atls has the one as its UART, the host the other."""

    def __init__(self):
        super().__init__("tty", "tty:{folder}/ours@115200", None)

    def start(self, bench):
        folder = os.path.join(bench.path, "tty")
        os.makedirs(folder, exist_ok=True)
        self.theirs = os.path.join(folder, "theirs")
        ours = os.path.join(folder, "ours")
        self.socat = subprocess.Popen(["socat", "-b", "65536", f"PTY,link={ours},raw,echo=0", f"PTY,link={self.theirs},raw,echo=0"])
        until = time.monotonic() + DEADLINE
        while not (os.path.exists(ours) and os.path.exists(self.theirs)):
            check(time.monotonic() < until and self.socat.poll() is None, "socat made no ptys")
            threading.Event().wait(0.01)
        return super().start(bench)

    def connect(self, atls):
        return Host("pty:" + self.theirs)

    def stop(self):
        self.socat.terminate()
        self.socat.wait()


LINKS = [Link("pty", "pty:{folder}/modem", Host), Link("tcp", "tcp:127.0.0.1:0", Host),
         Link("unix", "unix:{folder}/modem", lambda url: UnixHost(url.partition(":")[2])),
         Link("rfc2217", "rfc2217:127.0.0.1:0", TelnetHost), Cable(), Link("cmux", "tcp:127.0.0.1:0", Channel)]


def transparent(host, port):
    host.prepare()
    host.send(f'AT+QSSLOPEN=1,1,0,"127.0.0.1",{port},2')
    host.expect(b"\r\nCONNECT\r\n")


def bulk(bench, link):
    """Random octets both ways at once, then hashes."""
    atls = link.start(bench)
    with Peer(bench.pki, "duplex", BULK, 1) as peer, atls:
        host = link.connect(atls)
        transparent(host, peer.port)
        wanted, sent, got = hashlib.sha256(), hashlib.sha256(), hashlib.sha256()
        for block in blocks(BULK, 1):
            wanted.update(block)
        received = 0
        for block in blocks(BULK, 2):
            sent.update(block)
            for at in range(0, len(block), 4096):
                host.write(block[at:at + 4096])
                got.update(host.pending)
                received += len(host.pending)
                host.pending = b""
        while received < BULK:
            host.wait_for(lambda: host.pending, f"the rest behind {received} octets")
            got.update(host.pending)
            received += len(host.pending)
            host.pending = b""
        check(received == BULK and got.digest() == wanted.digest(), f"{link.name}: other octets came down")
        check(peer.line() == sent.hexdigest(), f"{link.name}: other octets went up")
        host.close()
    link.stop()


def slow_reader(bench, link):
    """A host that does not read for a while loses nothing."""
    atls = link.start(bench)
    with Peer(bench.pki, "echo") as peer, atls:
        host = link.connect(atls)
        transparent(host, peer.port)
        data = b"".join(blocks(200_000, 3))
        writer = threading.Thread(target=lambda: slowly(host, data))
        writer.start()
        writer.join()
        check(host.read(len(data)) == data, f"{link.name}: other octets came back")
        host.close()
    link.stop()


def slowly(host, data):
    for at in range(0, len(data), 20_000):
        host.write(data[at:at + 20_000])
        time.sleep(0.02)  # the host is busy elsewhere


def vanishing_host(bench, link):
    """Gone in the middle of a line, of a prompt's payload, of an upload, of a transparent stream; back, and all is well."""
    atls = link.start(bench)
    with Peer(bench.pki, "echo") as peer, atls:
        host = link.connect(atls)
        host.ok("ATE0")
        host.ok('AT+QICSGP=1,1,"internet"')
        host.ok("AT+QIACT=1")
        host.ok(f'AT+QSSLOPEN=1,1,1,"127.0.0.1",{peer.port},0')
        host.expect(b"\r\n+QSSLOPEN: 1,0\r\n")

        def back():
            nonlocal host
            host.close()
            host = link.connect(atls)
            until = time.monotonic() + DEADLINE
            while True:
                host.write(b"AT\r")
                if select.select([host.fd], [], [], 0.5)[0]:
                    host.fill()
                if b"\r\nOK\r\n" in host.pending:
                    break
                check(time.monotonic() < until, f"{link.name}: no answer to a host that is back: {host.pending!r}")
            while select.select([host.fd], [], [], 0.2)[0]:
                host.fill()
            host.pending = b""

        host.write(b"AT+QSSLSTA")
        back()
        host.send("AT+QSSLSEND=1,100")
        host.expect(b"\r\n> ")
        if link.name == "tty":
            host.write(b"x" * 100)  # a cable has no end that vanishes: it is only silent
            host.expect(b"\r\nSEND OK\r\n")
            host.expect(b'+QSSLURC: "recv",1\r\n')
        else:
            host.write(b"x" * 50)
            back()
        check(',2,1,1,0,"' in host.ok("AT+QSSLSTATE=1"), f"{link.name}: the connection did not stay")
        host.ok("AT+QSSLCLOSE=1,1")
        host.send(f'AT+QSSLOPEN=1,1,2,"127.0.0.1",{peer.port},2')
        host.expect(b"\r\nCONNECT\r\n")
        host.write(b"abc")
        check(host.read(3) == b"abc", f"{link.name}: no echo")
        if link.name == "tty":
            time.sleep(1.1)
            host.write(b"+++")
            host.expect(b"\r\nOK\r\n")
        else:
            back()
        check("+QSSLSTATE" not in host.ok("AT+QSSLSTATE=2") or link.name in ("tty", "cmux"), f"{link.name}: &D2 does not end the connection")
        host.close()
    link.stop()


def run():
    with Directory() as path:
        bench = Bench(path)
        main([(f"{case.__name__} {link.name}", lambda case=case, link=link: case(bench, link))
              for link in LINKS for case in (bulk, slow_reader, vanishing_host)])


if __name__ == "__main__":
    run()
