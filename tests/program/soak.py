#!/usr/bin/env python3
"""Twelve connections at once: ten in buffer and push mode on uart1, one transparent on each of two more ports."""

import random
import re

from modem import FULL, Atls, Directory, check, main
from peers import Peer, blocks
from pki import Pki

SENDS = 10000 if FULL else 1500


class Bench:
    def __init__(self, path):
        self.pki = Pki(path)
        self.pki.issue("server", "echo.test", names=["DNS:echo.test", "IP:127.0.0.1"])


class Wire:
    """uart1 read as a stream of URCs: buffer-mode data is fetched, pushed data is taken."""

    def __init__(self, host):
        self.host = host
        self.got = {}

    def take_urcs(self):
        """Removes complete URCs from what is pending; returns buffer-mode ids that have data."""
        host, ready = self.host, []
        while found := re.match(rb'\r\n\+QSSLURC: "recv",(\d+)(?:,(\d+))?\r\n', host.pending):
            socket_id = int(found.group(1))
            if found.group(2) is None:
                ready.append(socket_id)
                host.pending = host.pending[found.end():]
                continue
            end = found.end() + int(found.group(2))
            host.wait_for(lambda: len(host.pending) >= end, "pushed data")
            self.got[socket_id] += host.pending[found.end():end]
            host.pending = host.pending[end:]
        return ready

    def answer(self, pattern):
        """The next line that is no URC; URCs before it are taken."""
        ready = []
        regex = re.compile(pattern, re.S)
        while True:
            ready += self.take_urcs()
            found = regex.match(self.host.pending)
            if found:
                self.host.pending = self.host.pending[found.end():]
                return found, ready
            size = len(self.host.pending)
            self.host.wait_for(lambda: len(self.host.pending) > size, pattern.decode())

    def send(self, socket_id, data):
        self.host.send(f"AT+QSSLSEND={socket_id},{len(data)}")
        _, ready = self.answer(rb"\r\n> ")
        self.host.write(data)
        found, more = self.answer(rb"\r\n(SEND OK|SEND FAIL|ERROR)\r\n")
        return found.group(1).decode(), ready + more

    def fetch(self, socket_id):
        ready = []
        while True:
            self.host.send(f"AT+QSSLRECV={socket_id},1500")
            found, more = self.answer(rb"\r\n\+QSSLRECV: (\d+)\r\n")
            ready += more
            count = int(found.group(1))
            self.got[socket_id] += self.host.read(count)
            self.host.expect(b"\r\nOK\r\n")
            if count == 0:
                return ready


def transparent_round(host, data):
    host.write(data)
    check(host.read(len(data)) == data, "a transparent port's echo differs")


def twelve(bench):
    def case():
        dice = random.Random(12)
        ports = {name: "tcp:127.0.0.1:0" for name in ("uart1", "usbat", "usbmodem")}
        with Peer(bench.pki, "echo") as peer, Atls(ports) as atls:
            host = atls.host("uart1")
            host.prepare()
            wire = Wire(host)
            for socket_id in range(10):
                check(host.open_ssl(socket_id, "127.0.0.1", peer.port, mode=socket_id % 2) == 0, "open failed")
                wire.got[socket_id] = b""
            others = []
            for socket_id, name in ((10, "usbat"), (11, "usbmodem")):
                other = atls.host(name)
                other.ok("ATE0")
                other.send(f'AT+QSSLOPEN=1,1,{socket_id},"127.0.0.1",{peer.port},2')
                other.expect(b"\r\nCONNECT\r\n")
                others.append(other)
            check(host.ok("AT+QSSLSTATE").count('"SSLClient"') == 12, "not twelve connections")

            wanted = {socket_id: b"" for socket_id in range(10)}
            for number in range(SENDS):
                socket_id = dice.randrange(12)
                data = dice.randbytes(dice.randint(1, 1460))
                if socket_id >= 10:
                    transparent_round(others[socket_id - 10], data)
                    continue
                result, ready = wire.send(socket_id, data)
                check(result == "SEND OK", f"send {number} on {socket_id}: {result}")
                wanted[socket_id] += data
                pending = list(ready)
                while pending:
                    pending += wire.fetch(pending.pop())
            drain(wire, wanted)
            for other in others:
                other.close()
            host.close()
    return case


def drain(wire, wanted):
    for socket_id, data in wanted.items():
        while len(wire.got[socket_id]) < len(data):
            size = len(wire.host.pending)
            if socket_id % 2 == 0:
                wire.fetch(socket_id)
            if len(wire.got[socket_id]) < len(data) and not wire.host.pending:
                wire.host.wait_for(lambda: len(wire.host.pending) > size, f"the rest of socket {socket_id}")
            for ready in wire.take_urcs():
                wire.fetch(ready)
        check(wire.got[socket_id] == data, f"what came back on socket {socket_id} differs")


def full_receive_buffer(bench):
    """Nobody reads socket 0: its peer is stopped, and later everything is there."""
    def case():
        count = 4 << 20
        with Peer(bench.pki, "duplex", count, 5) as peer, Atls({"uart1": "tcp:127.0.0.1:0"}) as atls:
            host = atls.host("uart1")
            host.prepare()
            check(host.open_ssl(0, "127.0.0.1", peer.port) == 0, "open failed")
            host.expect(b'+QSSLURC: "recv",0\r\n')
            wanted = b"".join(blocks(count, 5))
            got = host.receive_ssl(0, lambda data: len(data) >= count)
            check(got == wanted, "what came differs")
            host.close()
    return case


def send_fail(bench):
    """A peer that does not read: SEND FAIL comes, and what was SEND OK arrives in order once it reads."""
    def case():
        dice = random.Random(9)
        with Peer(bench.pki, "stall") as peer, Atls({"uart1": "tcp:127.0.0.1:0"}) as atls:
            host = atls.host("uart1")
            host.prepare()
            check(host.open_ssl(0, "127.0.0.1", peer.port) == 0, "open failed")
            wanted = b""
            for _ in range(20000):
                data = dice.randbytes(1460)
                result = host.send_ssl(0, data)
                if result == "SEND FAIL":
                    break
                check(result == "SEND OK", result)
                wanted += data
            else:
                check(False, f"no SEND FAIL after {len(wanted)} octets")
            peer.tell("go on")
            got = host.receive_ssl(0, lambda data: len(data) >= len(wanted))
            check(got == wanted, "the stream is not intact")
            while host.send_ssl(0, b"more") != "SEND OK":
                pass
            check(host.receive_ssl(0, lambda data: len(data) >= 4) == b"more", "no more data after SEND FAIL")
            host.close()
    return case


if __name__ == "__main__":
    with Directory() as directory:
        the_bench = Bench(directory)
        main([(f"{SENDS} sends over twelve connections, every octet echoed", twelve(the_bench)),
              ("a full receive buffer stops the peer and loses nothing", full_receive_buffer(the_bench)),
              ("SEND FAIL is reached and leaves the stream intact", send_fail(the_bench))])
