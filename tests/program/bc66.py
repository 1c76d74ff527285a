#!/usr/bin/env python3
"""The BC66 against real servers: sends of every size as text and in hexadecimal, PEM as hosts paste it, each error code."""

import random
import socket
import threading
import time

from hosts import Bc66
from modem import FULL, Atls, Directory, check, free_port, main
from peers import Peer
from pki import Pki
from servers import PSK_HEX, PSK_IDENTITY, openssl_server

SENDS = 5000 if FULL else 500
MOST_TEXT, MOST_HEX = 1460, 730
SPLIT_TEXT, SPLIT_HEX = 1300, 650


class Bench:
    def __init__(self, path):
        self.pki = Pki(path)
        names = ["DNS:echo.test", "IP:127.0.0.1"]
        self.pki.issue("server", "echo.test", names=names)
        self.pki.issue("stranger", "echo.test", issuer="other", names=names)
        self.pki.issue("client", "modem")
        self.pki.issue("client2", "another modem")
        self.pki.issue("ec", "echo.test", kind="ec", names=names)


class Modem(Bc66):
    """With what one test needs of it."""

    def __init__(self, *arguments):
        self.name = "BC66"
        self.before = 0
        self.atls = Atls({"uart1": "tcp:127.0.0.1:0"}, *arguments, module=self.name)
        self.host = self.atls.host("uart1")
        self.host.ok("ATE0")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def expect_result(self, connection, port, code, cause=None):
        result = self.result_of_open(connection, port)
        check(result == code, f"+QSSLOPEN: 1,{connection},{result}, not {code}\n{self.log()[-500:]}")
        check(cause is None or cause in self.log(), f"the log does not say {cause!r}: {self.log()[-500:]}")


def sends(bench):
    source = random.Random(66)
    with Peer(bench.pki, "echo") as peer, Modem() as modem:
        modem.expect_result(0, peer.port, 0)
        for number in range(SENDS):
            hex_out, hex_in = source.random() < 0.5, source.random() < 0.5
            modem.host.ok(f'AT+QSSLCFG=1,0,"dataformat",{int(hex_out)},{int(hex_in)}')
            data = source.randbytes(source.randint(1, MOST_HEX if hex_out else MOST_TEXT))
            if not hex_out and source.random() < 0.5:
                # Until Ctrl-Z: then neither it nor ESC can be data.
                data = data.replace(b"\x1a", b"z").replace(b"\x1b", b"e")
                modem.send_until_control_z(0, data)
            else:
                modem.send_counted(0, data, hex_out)
            back = b""
            while len(back) < len(data):
                piece = modem.next_data(0, hex_in)
                check(len(piece) <= (SPLIT_HEX if hex_in else SPLIT_TEXT), f"{len(piece)} octets in one URC")
                back += piece
            check(back == data, f"send {number} came back changed")
        modem.close_connection(0)


def closes_with_data(bench):
    with Peer(bench.pki, "close") as peer, Modem() as modem:
        modem.expect_result(3, peer.port, 0)
        check(modem.next_data(3) == b"bye", "the last data is missing")
        modem.host.expect(b'+QSSLURC: "closed",1,3\r\n')
        check(modem.host.command("AT+QSSLCLOSE=1,3").endswith("ERROR\r\n"), "the id is not free")
        modem.expect_result(3, peer.port, 0)


MANNERS = {
    "LF": lambda pem: pem,
    "CR LF": lambda pem: pem.replace(b"\n", b"\r\n"),
    "blanks": lambda pem: pem.replace(b"\n", b"  \n"),
    "no final line end": lambda pem: pem.rstrip(b"\n"),
}


def at_pace(host, data):
    """115200 baud: 11520 octets a second, with a pause now and then, as a hand or a slow host makes."""
    start = time.monotonic()
    for at in range(0, len(data), 256):
        late = start + at / 11520 + (0.1 if at % 1024 == 0 else 0) - time.monotonic()
        if late > 0:
            threading.Event().wait(late)
        host.write(data[at:at + 256])


def pem_pasted(bench):
    pki = bench.pki
    ask = ("-Verify", "2", "-CAfile", pki.file("root.pem"), "-verify_return_error")
    with openssl_server(pki, *ask) as server, Modem() as modem:
        for connection, (manner, change) in enumerate(MANNERS.items()):
            modem.host.ok(f'AT+QSSLCFG=1,{connection},"seclevel",2')
            for key, name in (("cacert", "root.pem"), ("clientcert", "client.pem"), ("clientkey", "client.key")):
                modem.type_pem(connection, key, change(pki.content(name)), write=at_pace)
            result = modem.result_of_open(connection, server.port)
            check(result == 0, f"{manner}: {result}\n{modem.log()[-600:]}")
            modem.close_connection(connection)
        modem.type_pem(0, "clientkey", b"garbage\n")
        modem.expect_result(0, server.port, -4, "clientkey")
        modem.type_pem(0, "clientkey", pki.content("client2.key"))
        modem.expect_result(0, server.port, -4)
        modem.type_pem(0, "clientkey", pki.content("client.key"))
        modem.expect_result(0, server.port, 0)
        modem.close_connection(0)
        modem.type_pem(0, "cacert", b"garbage\n")
        modem.expect_result(0, server.port, -3, "cacert")


class RawServer:
    """Accepts, says `greeting`, and reads on."""

    def __init__(self, greeting=b""):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.greeting = greeting
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        try:
            while True:
                connection, _ = self.listener.accept()
                connection.sendall(self.greeting)
                while connection.recv(4096):
                    pass
        except OSError:
            pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join()


def errors(bench):
    pki = bench.pki
    with Modem("--hosts", "echo.test=127.0.0.1") as modem:
        modem.expect_result(0, free_port(), -2, "connection refused")
        with openssl_server(pki, certificate="stranger") as server:
            modem.host.ok('AT+QSSLCFG=1,0,"seclevel",1')
            modem.expect_result(0, server.port, -3, "no CA certificate")
            modem.type_pem(0, "cacert", pki.content("root.pem"))
            modem.expect_result(0, server.port, -3, "trusted")
            modem.host.ok('AT+QSSLCFG=1,1,"seclevel",2')
            modem.type_pem(1, "cacert", pki.content("other.pem"))
            modem.expect_result(1, server.port, -4, "no client certificate is set")
            modem.expect_result(2, server.port, 0)
            modem.expect_result(2, server.port, -6, "the id is in use")
            modem.close_connection(2)
        with openssl_server(pki, "-cipher", "ECDHE-RSA-AES128-GCM-SHA256") as server:
            modem.expect_result(3, server.port, -5, "handshake_failure")
        modem.host.ok('AT+QSSLCFG=1,4,"timeout",10')
        with RawServer() as server:
            modem.expect_result(4, server.port, -7, "not finished in the time")
        with RawServer(b"HTTP/1.1 400 Bad Request\r\n\r\n") as server:
            modem.expect_result(5, server.port, -9)


def pre_shared_key(bench):
    with openssl_server(bench.pki, psk=True) as server:
        with Modem("--psk", f"{PSK_IDENTITY}:{PSK_HEX}") as modem:
            modem.expect_result(0, server.port, 0)
            check("TLS_PSK_WITH" in modem.log(), modem.log())
            check(PSK_HEX.lower() not in modem.log().lower(), "the key is in the log")
            modem.close_connection(0)
        with Modem("--psk", f"{PSK_IDENTITY}:00ff") as modem:
            modem.expect_result(0, server.port, -4)


def run():
    with Directory() as path:
        bench = Bench(path)
        main([(case.__name__, lambda case=case: case(bench))
              for case in (sends, closes_with_data, pem_pasted, errors, pre_shared_key)])


if __name__ == "__main__":
    run()
