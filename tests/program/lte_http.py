#!/usr/bin/env python3
"""HTTP and HTTPS of the LTE modules against nginx: requests from the host and from files, bodies to both, many in a row."""

import filecmp
import glob
import os
import random
import socket

from bench import MUTUAL, STRANGER, TRUSTING, Bench, LteModem
from modem import FULL, Directory, check, main, resident
from relay import Relay
from web import Nginx

BULK = 100_000_000
REQUESTS = 1_000 if FULL else 200
# What fits into the module's flash, and what does not.
FITS, TOO_MUCH = 10_000_000, 16_000_000


class Modem(LteModem):
    def __init__(self, bench, module="BG96", storage="memory", options=()):
        super().__init__(bench, module, storage, options)
        self.at.prepare()
        self.at.ok('AT+QHTTPCFG="contextid",1')
        self.at.ok(f'AT+QHTTPCFG="sslctxid",{TRUSTING}')

    def set_url(self, url):
        self.at.send(f"AT+QHTTPURL={len(url)},60")
        self.at.expect(b"\r\nCONNECT\r\n")
        self.at.write(url.encode())
        self.at.expect(b"\r\nOK\r\n")

    def result(self, name):
        """The numbers of the URC."""
        found = self.at.match(rb"^\r\n\+QHTTP%s: ([\d,]+)\r\n" % name.encode())
        return tuple(map(int, found.group(1).split(b",")))

    def get(self, url):
        self.set_url(url)
        self.at.ok("AT+QHTTPGET=60")
        return self.result("GET")

    def give(self, method, url, body):
        self.set_url(url)
        self.at.send(f"AT+QHTTP{method}={len(body)},60,60")
        self.at.expect(b"\r\nCONNECT\r\n", None)
        self.at.write(body)
        self.at.expect(b"\r\nOK\r\n")
        return self.result(method)

    def body(self, count):
        self.at.send("AT+QHTTPREAD=60")
        self.at.expect(b"\r\nCONNECT\r\n")
        data = self.at.read(count)
        self.at.expect(b"\r\nOK\r\n\r\n+QHTTPREAD: 0\r\n")
        return data


def posted(modem, length, body, kind):
    """nginx answered with the name of a file that holds what it got, and with its type."""
    name, shown = modem.body(length).decode().split()
    check(shown == kind, f"type {shown}")
    with open(name, "rb") as file:
        check(file.read() == body, "another body was posted")


def uploaded(server, name):
    with open(os.path.join(server.path, "uploads", name), "rb") as file:
        return file.read()


def requests(bench):
    body = random.Random(8).randbytes(100_000)
    with Nginx(bench.pki, bench.folder("web")) as server:
        for module in ("BG96", "EC800M-CN"):
            with Modem(bench, module) as modem:
                plain, tls = f"http://127.0.0.1:{server.plain}", f"https://127.0.0.1:{server.tls}"
                small = len(server.small)
                for address in (plain, tls):
                    check(modem.get(address + "/small.txt") == (0, 200, small), modem.log()[-800:])
                    check(modem.body(small) == server.small, "another body")
                check(modem.get(tls + "/chunked/small.txt") == (0, 200), "not in chunks")
                check(modem.body(small) == server.small, "another body")
                check(modem.get(tls + "/chunked/large.bin") == (0, 200), "not in chunks")
                check(modem.body(len(server.large)) == server.large, "another large body")
                check(modem.get(tls + "/moved") == (0, 200, small), "not where it moved")
                check(modem.body(small) == server.small, "another body")
                check(modem.get(tls + "/none")[:2] == (0, 404), "404")
                modem.at.ok('AT+QHTTPCFG="contenttype",2')
                status = modem.give("POST", tls + "/posted", body)
                check(status[:2] == (0, 201), f"POST: {status}")
                posted(modem, status[2], body, "application/octet-stream")
                check(modem.give("PUT", tls + f"/upload/{module}-put", body)[:2] == (0, 201), "PUT")
                check(uploaded(server, f"{module}-put") == body, "another body was put")
                modem.at.upload("body.bin", body)
                modem.set_url(tls + "/posted")
                modem.at.ok('AT+QHTTPPOSTFILE="body.bin",60')
                status = modem.result("POSTFILE")
                check(status[:2] == (0, 201), f"POSTFILE: {status}")
                posted(modem, status[2], body, "application/octet-stream")
                modem.set_url(tls + f"/upload/{module}-file")
                modem.at.ok('AT+QHTTPPUTFILE="body.bin",60')
                check(modem.result("PUTFILE")[:2] == (0, 201), "PUTFILE")
                check(uploaded(server, f"{module}-file") == body, "another file was put")


def who_is_who(bench):
    with Nginx(bench.pki, bench.folder("who")) as server, Modem(bench) as modem:
        url = f"https://127.0.0.1:{server.mutual}/whoami"
        check(modem.get(url)[:2] == (0, 400), "no certificate, and yet in")
        modem.at.ok(f'AT+QHTTPCFG="sslctxid",{MUTUAL}')
        status = modem.get(url)
        check(status[:2] == (0, 200) and modem.body(status[2]) == b"CN=modem\n", "the server does not know us")
        modem.at.ok(f'AT+QHTTPCFG="sslctxid",{STRANGER}')
        check(modem.get(url) == (716,), "a server that nobody vouches for is trusted")
        check("certificate" in modem.log(), "the log does not say why")


def to_a_file(bench):
    folder = bench.folder("file")
    with Nginx(bench.pki, folder) as server, Modem(bench, storage=bench.folder("flash")) as modem:
        body = server.large[:FITS]
        for name, content in (("fits", body), ("toomuch", server.large[:TOO_MUCH])):
            with open(os.path.join(folder, "www", name), "wb") as file:
                file.write(content)
        check(modem.get(f"https://127.0.0.1:{server.tls}/fits") == (0, 200, FITS), modem.log()[-800:])
        before = resident(modem.process)
        modem.at.ok('AT+QHTTPREADFILE="web.bin",60')
        check(modem.result("READFILE") == (0,), "READFILE")
        grown = resident(modem.process) - before
        check(grown < 4_000_000, f"{grown} octets of memory for a body of {FITS}")
        modem.at.send('AT+QFDWL="web.bin"')
        modem.at.expect(b"\r\nCONNECT\r\n")
        check(modem.at.read(FITS) == body, "another file")
        modem.at.match(rb"^\r\n\+QFDWL: %d,[0-9a-f]+\r\n\r\nOK\r\n" % FITS)
        modem.at.ok('AT+QFDEL="web.bin"')
        check(modem.get(f"https://127.0.0.1:{server.tls}/toomuch") == (0, 200, TOO_MUCH), modem.log()[-800:])
        modem.at.ok('AT+QHTTPREADFILE="web.bin",60')
        check(modem.result("READFILE") == (729,), "more than fits went into a file")
        check("web.bin" not in modem.at.ok('AT+QFLST="*"'), "half a file stays")


def bulk_to_a_file(bench):
    """More than any module's flash has room for."""
    folder, flash = bench.folder("bulk"), bench.folder("large-flash")
    block = random.Random(8).randbytes(1_000_000)
    with Nginx(bench.pki, folder) as server, Modem(bench, storage=flash, options=["--flash", str(2 * BULK)]) as modem:
        with open(os.path.join(folder, "www", "bulk"), "wb") as file:
            for number in range(BULK // len(block)):
                file.write(number.to_bytes(4, "big") + block[4:])
        url = f"https://127.0.0.1:{server.tls}/bulk"
        check(modem.get(url) == (0, 200, BULK), modem.log()[-800:])
        before = resident(modem.process)
        modem.at.ok('AT+QHTTPREADFILE="bulk.bin",60')
        check(modem.result("READFILE") == (0,), "READFILE")
        grown = resident(modem.process) - before
        check(grown < 4_000_000, f"{grown} octets of memory for a body of {BULK}")
        check(f'"bulk.bin",{BULK}' in modem.at.ok('AT+QFLST="bulk.bin"'), "QFLST")
        saved = [name for name in glob.glob(os.path.join(flash, "ufs", "*")) if os.path.getsize(name) >= BULK]
        check(len(saved) == 1 and filecmp.cmp(saved[0], os.path.join(folder, "www", "bulk"), shallow=False), "another file")
        # And back, from the file, by PUT.
        modem.set_url(f"https://127.0.0.1:{server.tls}/upload/bulk")
        modem.at.ok('AT+QHTTPPUTFILE="bulk.bin",60')
        check(modem.result("PUTFILE")[:2] == (0, 201), "PUTFILE")
        check(filecmp.cmp(saved[0], os.path.join(folder, "uploads", "bulk"), shallow=False), "another file went up")
        grown = resident(modem.process) - before
        check(grown < 4_000_000, f"{grown} octets of memory for both ways")


def cut_in_mid_body(bench):
    with Nginx(bench.pki, bench.folder("cut")) as server, Modem(bench) as modem, Relay(server.tls) as wire:
        url = f"https://127.0.0.1:{wire.port}/slow"
        check(modem.get(url) == (0, 200, len(server.large)), modem.log()[-800:])
        modem.at.ok('AT+QHTTPREADFILE="web.bin",60')
        wire.cut()
        check(modem.result("READFILE") == (717,), modem.log()[-800:])
        check("web.bin" not in modem.at.ok('AT+QFLST="*"'), "half a file stays")
        check(modem.get(url) == (0, 200, len(server.large)), modem.log()[-800:])
        modem.at.send("AT+QHTTPREAD=60")
        modem.at.expect(b"\r\nCONNECT\r\n" + server.large[:1000])
        wire.cut()
        modem.at.expect(b"\r\nOK\r\n\r\n+QHTTPREAD: 717\r\n")


def server_falls_silent(bench):
    """A head, three octets of ten, and no more: what came is read, and then the time runs out."""
    with socket.create_server(("127.0.0.1", 0)) as listener, Modem(bench) as modem:
        modem.set_url(f"http://127.0.0.1:{listener.getsockname()[1]}/")
        modem.at.ok("AT+QHTTPGET=1")
        with listener.accept()[0]:
            check(modem.result("GET") == (728,), "an answer of a silent server")
        modem.at.ok("AT+QHTTPGET=60")
        with listener.accept()[0] as connection:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
            check(modem.result("GET") == (0, 200, 10), modem.log()[-800:])
            modem.at.send("AT+QHTTPREAD=1")
            modem.at.expect(b"\r\nCONNECT\r\nabc\r\nOK\r\n\r\n+QHTTPREAD: 722\r\n")


def many_in_a_row(bench):
    with Nginx(bench.pki, bench.folder("many")) as server, Modem(bench) as modem:
        descriptors = f"/proc/{modem.process.pid}/fd"
        url = f"https://127.0.0.1:{server.tls}/small.txt"
        before = None
        for number in range(REQUESTS):
            check(modem.get(url) == (0, 200, len(server.small)), f"request {number}: {modem.log()[-800:]}")
            check(modem.body(len(server.small)) == server.small, "another body")
            if number == REQUESTS // 10:
                before = resident(modem.process), len(os.listdir(descriptors))
        grown = resident(modem.process) - before[0]
        check(grown < 2_000_000, f"{grown} octets more after {REQUESTS} requests")
        check(len(os.listdir(descriptors)) <= before[1] + 1, "descriptors leak")


def run():
    with Directory() as path:
        bench = Bench(path, "web.test")
        main([(case.__name__, lambda case=case: case(bench)) for case in
              (requests, who_is_who, to_a_file, bulk_to_a_file, cut_in_mid_body, server_falls_silent, many_in_a_row)])


if __name__ == "__main__":
    run()
