#!/usr/bin/env python3
"""The GSM modules against real servers: SSL beside TCP, HTTP and HTTPS with nginx, mail with an SMTP server."""

import base64
import random
import re
import socket
import threading

from bench import Bench
from letters import PASSWORD, SUBJECT, TEXT, check_arrived, forms_of_password
from modem import DEADLINE, FULL, Atls, Directory, check, free_port, main, resident
from peers import Peer
from smtp_server import SmtpServer
from web import Nginx

MODULE = "M66"
MESSAGES = 10_000 if FULL else 500
LONGEST = 1460
TCP, SSL = 1, 3


class Modem(Atls):
    """With an active context, and certificates that it holds."""

    def __init__(self, pki, *arguments):
        super().__init__({"uart1": "tcp:127.0.0.1:0"}, *arguments, module=MODULE, log_level="debug")
        self.at = self.host("uart1")
        self.at.ok("ATE0")
        for name, file in (("ca.pem", "root.pem"), ("cc.pem", "client.pem"), ("ck.pem", "client.key")):
            content = pki.content(file)
            self.at.send(f'AT+QSECWRITE="RAM:{name}",{len(content)},100')
            self.at.expect(b"CONNECT\r\n")
            self.at.write(content)
            self.at.expect(b"\r\nOK\r\n")
        for context in (0, 1):
            for setting in (f'"cacert",{context},"RAM:ca.pem"', f'"seclevel",{context},1'):
                self.at.ok("AT+QSSLCFG=" + setting)
        self.at.ok("AT+QIREGAPP")
        self.at.ok("AT+QIACT")
        self.at.send("AT+QILOCIP")
        self.address = self.at.match(rb"^\r\n(10\.\d+\.\d+\.\d+)\r\n").group(1).decode()

    # --- HTTP ---

    def set_url(self, url):
        self.at.send(f"AT+QHTTPURL={len(url)},60")
        self.at.expect(b"\r\nCONNECT\r\n")
        self.at.write(url.encode() + b"\r\n")
        self.at.expect(b"\r\nOK\r\n")

    def get(self, url, deadline=None):
        """The answer to AT+QHTTPGET, without its line ends."""
        self.set_url(url)
        return self.at.command("AT+QHTTPGET=60", deadline).strip()

    def response(self):
        found = re.search(r"\+QHTTPRSP: (\d+),(-?\d+)", self.at.ok("AT+QHTTPRSP?"))
        return int(found.group(1)), int(found.group(2))

    def read_body(self, count):
        """The body, which must be of `count` octets, and what follows it."""
        self.at.send("AT+QHTTPREAD=60")
        check(self.at.read(11) == b"\r\nCONNECT\r\n", "no CONNECT")
        body = self.at.read(count)
        check(self.at.read(6) == b"\r\nOK\r\n", "the body does not end where it should")
        return body


# --- SSL beside TCP ---------------------------------------------------------------------------------------------------

def echo_server():
    """A plain echo on a thread; its port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        connection, _ = listener.accept()
        with listener, connection:
            while data := connection.recv(65536):
                connection.sendall(data)

    threading.Thread(target=serve, daemon=True).start()
    return listener.getsockname()[1]


class Talk:
    """What is sent on one of the two and comes back, in order; URCs of both are taken as they come."""

    def __init__(self, modem, source):
        self.at, self.source = modem.at, source
        self.announced = {TCP: False, SSL: False}
        self.expected = {TCP: b"", SSL: b""}

    URC = rb'\r\n(?:\+QIRDI: 0,1,(\d)|\+QSSLURC: "recv",0,(\d))\r\n'

    def answer(self, pattern):
        """The command's answer; announcements before it are remembered."""
        found = self.at.match(b"^(?:" + self.URC + b")*" + pattern)
        for name in re.findall(self.URC, found.group(0)):
            self.announced[int(name[0] or name[1])] = True
        return found

    def send(self, connection):
        data = self.source.randbytes(self.source.randint(1, LONGEST))
        command = f"AT+QISEND={TCP},{len(data)}" if connection == TCP else f"AT+QSSLSEND={SSL},{len(data)}"
        self.at.send(command)
        self.answer(rb"\r\n> ")
        self.at.write(data)
        self.answer(rb"\r\nSEND OK\r\n")
        self.expected[connection] += data

    def receive(self, connection):
        """All that is there now."""
        self.announced[connection] = False
        while True:
            command, name = ("AT+QIRD=0,1,1,1500", b"QIRD") if connection == TCP else ("AT+QSSLRECV=0,3,1500", b"QSSLRECV")
            self.at.send(command)
            found = self.answer(rb"\r\n(?:OK|\+" + name + rb": 127\.0\.0\.1:\d+,TCP,(?P<count>\d+))\r\n")
            if found.group("count") is None:
                return
            data = self.at.read(int(found.group("count")))
            check(self.at.read(6) == b"\r\nOK\r\n", "the data does not end where it should")
            check(self.expected[connection].startswith(data), f"other data on {connection}")
            self.expected[connection] = self.expected[connection][len(data):]

    def settle(self, most):
        """Reads until at most so many octets of each are outstanding."""
        for connection in (TCP, SSL):
            while len(self.expected[connection]) > most:
                if not self.announced[connection]:
                    self.answer(self.URC)
                    continue
                self.receive(connection)


def ssl_beside_tcp(bench):
    source = random.Random(4)
    plain = echo_server()
    with Peer(bench.pki, "echo") as peer, Modem(bench.pki) as modem:
        at = modem.at
        for command in ("AT+QIMUX=1", "AT+QINDI=1", "AT+QISDE=0", f'AT+QIOPEN={TCP},"TCP","127.0.0.1",{plain}'):
            at.ok(command)
        at.expect(b"\r\n1, CONNECT OK\r\n")
        at.ok(f'AT+QSSLOPEN={SSL},0,"127.0.0.1",{peer.port},0')
        at.expect(b"\r\n+QSSLOPEN: 3,0\r\n")
        # An index belongs to one of them.
        at.ok(f'AT+QIOPEN={SSL},"TCP","127.0.0.1",{plain}')
        at.expect(b"\r\n3, ALREADY CONNECT\r\n")
        at.ok(f'AT+QSSLOPEN={TCP},0,"127.0.0.1",{peer.port},0')
        at.expect(b"\r\n+QSSLOPEN: 1,-2\r\n")
        talk = Talk(modem, source)
        for _ in range(MESSAGES):
            for connection in (TCP, SSL):
                talk.send(connection)
            talk.settle(4 * LONGEST)
        talk.settle(0)
        count = re.search(r"\+QISACK: (\d+), (\d+), (\d+)", at.ok(f"AT+QISACK={TCP}"))
        check(count.group(1) == count.group(2) and count.group(3) == "0", count.group(0))
        for command, answer in (("AT+QICLOSE=1", b"\r\n1, CLOSE OK\r\n"), ("AT+QSSLCLOSE=3", b"\r\n3, CLOSE OK\r\n")):
            at.send(command)
            at.expect(answer)


# --- HTTP -------------------------------------------------------------------------------------------------------------

def http_and_https(bench):
    with Nginx(bench.pki, bench.folder("web")) as server, Modem(bench.pki) as modem:
        at = modem.at
        plain, tls = f"http://127.0.0.1:{server.plain}", f"https://127.0.0.1:{server.tls}"
        check(modem.get(plain + "/small.txt") == "OK", modem.log()[-800:])
        check(modem.response() == (200, len(server.small)), "QHTTPRSP")
        check(modem.read_body(len(server.small)) == server.small, "another body")
        check(modem.get(tls + "/small.txt") == "+CME ERROR: 3822", "https though it is off")
        at.ok('AT+QSSLCFG="https",1')
        at.ok('AT+QSSLCFG="httpsctxi",1')
        check(modem.get(tls + "/small.txt") == "OK", modem.log()[-800:])
        check(modem.read_body(len(server.small)) == server.small, "another body")
        check(modem.get(tls + "/chunked/small.txt") == "OK", modem.log()[-800:])
        check(modem.response() == (200, -1), "not in chunks")
        check(modem.read_body(len(server.small)) == server.small, "another body")
        check(modem.get(tls + "/moved") == "OK", modem.log()[-800:])
        check(modem.read_body(len(server.small)) == server.small, "another body")
        check(modem.get(tls + "/moved-relative") == "+CME ERROR: 3813", "a relative redirection is followed")
        check(modem.get(tls + "/none") == "OK" and modem.response()[0] == 404, "404")
        check(b"404 Not Found" in modem.read_body(modem.response()[1]), "no body of a 404")
        # What is posted, and how it is called.
        body = random.Random(8).randbytes(100_000)
        modem.set_url(tls + "/posted")
        at.send(f"AT+QHTTPPOST={len(body)},60,60")
        at.expect(b"\r\nCONNECT\r\n")
        at.write(body)
        at.expect(b"\r\nOK\r\n")
        status, length = modem.response()
        check(status == 201, f"status {status}: {modem.log()[-800:]}")
        answer = modem.read_body(length).decode().split()
        check(answer[1] == "application/x-www-form-urlencoded", str(answer))
        with open(answer[0], "rb") as file:
            check(file.read() == body, "another body was posted")


def mutual_tls(bench):
    with Nginx(bench.pki, bench.folder("mutual")) as server, Modem(bench.pki) as modem:
        url = f"https://127.0.0.1:{server.mutual}/whoami"
        modem.at.ok('AT+QSSLCFG="https",1')
        # httpsctxi was never set: context 0. Without a certificate the server answers 400, in HTTP.
        check(modem.get(url) == "OK" and modem.response()[0] == 400, modem.log()[-800:])
        for setting in ('"clientcert",0,"RAM:cc.pem"', '"clientkey",0,"RAM:ck.pem"', '"seclevel",0,2'):
            modem.at.ok("AT+QSSLCFG=" + setting)
        check(modem.get(url) == "OK", modem.log()[-800:])
        status, length = modem.response()
        check(status == 200 and modem.read_body(length) == b"CN=modem\n", "the server does not know us")
        modem.at.ok('AT+QSECDEL="RAM:ca.pem"')
        check(modem.get(url) == "+CME ERROR: 3813", "a server that nobody vouches for is trusted")
        check("RAM:ca.pem" in modem.log(), "the log does not name the file that is missing")


def large_body(bench):
    with Nginx(bench.pki, bench.folder("large")) as server, Modem(bench.pki) as modem:
        modem.at.ok('AT+QSSLCFG="https",1')
        check(modem.get(f"https://127.0.0.1:{server.tls}/large.bin") == "OK", modem.log()[-800:])
        check(modem.response() == (200, len(server.large)), str(modem.response()))
        before = resident(modem.process)
        check(modem.read_body(len(server.large)) == server.large, "another body")
        grown = resident(modem.process) - before
        check(grown < 4_000_000, f"{grown} octets of memory for a body of {len(server.large)}")


def reset_in_mid_body(bench):
    """The host stops reading until the server loses its patience and resets the connection."""
    with Nginx(bench.pki, bench.folder("reset"), send_timeout=1) as server, Modem(bench.pki) as modem:
        check(modem.get(f"http://127.0.0.1:{server.plain}/large.bin") == "OK", modem.log()[-800:])
        modem.at.send("AT+QHTTPREAD=60")
        until_gone(server, modem)
        got = modem.at.match(rb"^\r\nCONNECT\r\n(.*)\r\n\+CME ERROR: 3813\r\n").group(1)
        check(0 < len(got) < len(server.large) and server.large.startswith(got), f"{len(got)} octets")
        check(modem.get(f"http://127.0.0.1:{server.plain}/small.txt") == "OK", "not usable afterwards")
        check(modem.read_body(len(server.small)) == server.small, "another body")


def until_gone(server, modem):
    """The server has no connection any more: there is nothing of it in the kernel's list."""
    import time  # pylint: disable=import-outside-toplevel
    until = time.monotonic() + DEADLINE
    wanted = ":%04X" % server.plain
    while True:
        with open("/proc/net/tcp") as table:
            rows = [line.split() for line in table]
        if not any(row[1].endswith(wanted) and row[3] == "01" for row in rows[1:]):
            return
        check(time.monotonic() < until, "the server keeps the connection: " + modem.log()[-400:])
        threading.Event().wait(0.05)


def download(bench):
    with Nginx(bench.pki, bench.folder("download")) as server, Modem(bench.pki) as modem:
        at = modem.at
        at.ok('AT+QSSLCFG="https",1')
        modem.set_url(f"https://127.0.0.1:{server.tls}/small.txt")
        at.ok('AT+QHTTPDL="RAM:1.TXT"')
        at.expect(b"\r\n+QHTTPDL: %d,%d,0\r\n" % (len(server.small), len(server.small)))
        at.send('AT+QFDWL="RAM:1.TXT"')
        at.expect(b"\r\nCONNECT\r\n" + server.small + b"\r\n+QFDWL: ")
        at.expect(b"\r\nOK\r\n")
        modem.set_url(f"https://127.0.0.1:{server.tls}/none")
        at.ok('AT+QHTTPDL="RAM:2.TXT"')
        at.match(rb"\r\n\+QHTTPDL: 0,\d+,3813\r\n")
        check("2.TXT" not in at.ok('AT+QFLST="RAM:*"'), "a file of an error page")


# --- mail -------------------------------------------------------------------------------------------------------------

def write_mail(modem, port, attachment, user="me", password=PASSWORD):
    at = modem.at
    for command in ("CLR", f'SRV="127.0.0.1",{port}', f'USER="{user}"', f'PWD="{password}"', 'NAME="A Module"',
                    'ADDR="module@a.example"', 'DST=1,1,"one@b.example"', 'DST=1,1,"two@b.example"', 'DST=1,2,"three@b.example"',
                    'DST=1,3,"hidden@b.example"'):
        at.ok("AT+QSMTP" + command)
    at.send(f'AT+QSMTPSUB=1,"{SUBJECT}"')
    at.expect(b"\r\nOK\r\n")
    at.send(f"AT+QSMTPBODY=1,{len(TEXT)},60")
    at.expect(b"\r\nOK\r\n\r\nCONNECT\r\n")
    at.write(TEXT)
    at.expect(b"\r\n+QSMTPBODY: %d\r\n\r\nOK\r\n" % len(TEXT))
    at.upload("picture.bin", attachment)
    at.ok('AT+QSMTPATT=1,1,"picture.bin"')


def put(modem, deadline=None):
    modem.at.ok("AT+QSMTPPUT=60")
    return int(modem.at.match(rb"\r\n\+QSMTPPUT: (\d+)\r\n", deadline).group(1))


def mail(bench):
    attachment = random.Random(25).randbytes(1_000_000 if FULL else 100_000)
    with Modem(bench.pki) as modem:
        for security, style, mechanisms in (("tls", 1, []), ("starttls", 2, ["PLAIN"]), ("starttls", 2, ["LOGIN"]), ("none", 0, [])):
            port = free_port()
            folder = bench.folder("mail-" + security + "".join(mechanisms))
            with SmtpServer(bench.pki, port, folder, security, "me", PASSWORD, *mechanisms) as server:
                what = security + " ".join(mechanisms)
                write_mail(modem, port, attachment)
                modem.at.ok(f'AT+QSSLCFG="smtpstyle",{style}')
                modem.at.ok('AT+QSSLCFG="smtpsctxi",1')
                check(put(modem) == 0, f"{what}: {modem.log()[-800:]}{server.output!r}")
                check_arrived(server, what, attachment, f"[{modem.address}]", security)
        for form in forms_of_password():
            check(form not in modem.log(), "the password is in the log")


def mail_refused(bench):
    with Modem(bench.pki) as modem:
        port = free_port()
        with SmtpServer(bench.pki, port, bench.folder("refused"), "none", "me", PASSWORD) as server:
            # No STARTTLS to be had: nothing but the greeting goes out, no login above all.
            write_mail(modem, port, b"x")
            modem.at.ok('AT+QSSLCFG="smtpstyle",2')
            check(put(modem) == 654 and "has no STARTTLS" in modem.log(), modem.log()[-800:])
            modem.at.ok('AT+QSSLCFG="smtpstyle",0')
            write_mail(modem, port, b"x", password="wrong")
            check(put(modem) == 655, modem.log()[-800:])
            write_mail(modem, port, b"x")
            modem.at.ok('AT+QSMTPDST=1,1,"nobody@b.example"')
            check(put(modem) == 660 and "nobody of that name" in modem.log(), modem.log()[-800:])
            check(server.messages() == 0, "something was accepted")
            # An attachment that goes away takes the mail with it.
            write_mail(modem, port, b"x")
            modem.at.ok('AT+QFDEL="picture.bin"')
            check(put(modem) == 661 and server.messages() == 0, modem.log()[-800:])
            write_mail(modem, port, b"x")
            check(put(modem) == 0 and server.messages() == 1, modem.log()[-800:])
        with SmtpServer(bench.pki, port, bench.folder("untrusted"), "starttls", "me", PASSWORD) as server:
            modem.at.ok('AT+QSSLCFG="smtpstyle",2')
            modem.at.ok('AT+QSSLCFG="smtpsctxi",0')
            modem.at.ok('AT+QSECDEL="RAM:ca.pem"')
            check(put(modem) == 654 and server.messages() == 0, "a server that nobody vouches for got a mail")


def run():
    with Directory() as path:
        bench = Bench(path, "echo.test", names=["DNS:echo.test", "IP:127.0.0.1"])
        main([(case.__name__, lambda case=case: case(bench))
              for case in (ssl_beside_tcp, http_and_https, mutual_tls, large_body, reset_in_mid_body, download, mail, mail_refused)])


if __name__ == "__main__":
    run()
