#!/usr/bin/env python3
"""Mail of the LTE modules with an SMTP server: in the clear, over TLS, after STARTTLS; what is refused."""

import random
import re

from bench import STRANGER, TRUSTING, Bench, LteModem
from letters import PASSWORD, SUBJECT, TEXT, check_arrived, forms_of_password
from modem import FULL, Directory, check, free_port, main
from smtp_server import SmtpServer

PLAIN, TLS, STARTTLS = 0, 1, 2
# Numbers of +QSMTPPUT.
NOT_NEGOTIATED, LOGIN_REFUSED, RECIPIENT_REFUSED, ATTACHMENT_GONE = 654, 655, 660, 661


class Modem(LteModem):
    def __init__(self, bench, module="BG96"):
        super().__init__(bench, module)
        self.at.ok("AT+QIACT=1")
        self.address = re.search(r'"(10\.\d+\.\d+\.\d+)"', self.at.ok("AT+QIACT?")).group(1)

    def write(self, port, attachment, password=PASSWORD, way=PLAIN, context=TRUSTING):
        at = self.at
        at.ok("AT+QSMTPCLR")
        at.ok("AT+QSMTPATT=2")
        for setting in ('"contextid",1', f'"ssltype",{way}', f'"sslctxid",{context}', f'"smtpserver","127.0.0.1",{port}',
                        f'"account","me","{password}"', '"sender","A Module","module@a.example"'):
            at.ok("AT+QSMTPCFG=" + setting)
        for kind, name in ((1, "one"), (1, "two"), (2, "three"), (3, "hidden")):
            at.ok(f'AT+QSMTPDST=1,{kind},"{name}@b.example"')
        at.ok(f'AT+QSMTPSUB=1,"{SUBJECT}"')
        at.send(f"AT+QSMTPBODY=1,{len(TEXT)},60")
        at.expect(b"\r\nCONNECT\r\n")
        at.write(TEXT)
        at.expect(b"\r\n+QSMTPBODY: %d\r\n\r\nOK\r\n" % len(TEXT))
        at.upload("picture.bin", attachment)
        at.ok('AT+QSMTPATT=1,1,"picture.bin"')

    def put(self):
        """The numbers of +QSMTPPUT."""
        self.at.ok("AT+QSMTPPUT=60")
        return tuple(map(int, self.at.match(rb"\r\n\+QSMTPPUT: (\d+),(\d+)\r\n").groups()))


def every_way_out(bench):
    attachment = random.Random(26).randbytes(1_000_000 if FULL else 100_000)
    for module in ("BG96", "EC200M-CN"):
        # The EC200x have little room for files.
        octets = attachment[:100_000] if module != "BG96" else attachment
        with Modem(bench, module) as modem:
            for security, way, mechanisms in (("tls", TLS, []), ("starttls", STARTTLS, ["PLAIN"]), ("starttls", STARTTLS, ["LOGIN"]),
                                              ("none", PLAIN, [])):
                port = free_port()
                what = module + security + "".join(mechanisms)
                with SmtpServer(bench.pki, port, bench.folder(what), security, "me", PASSWORD, *mechanisms) as server:
                    modem.write(port, octets, way=way)
                    result = modem.put()
                    check(result == (0, 0), f"{what}: {result} {modem.log()[-800:]}{server.output!r}")
                    check_arrived(server, what, octets, f"[{modem.address}]", security)
            for form in forms_of_password():
                check(form not in modem.log(), "the password is in the log")


def refused(bench):
    with Modem(bench) as modem:
        port = free_port()
        with SmtpServer(bench.pki, port, bench.folder("refused"), "none", "me", PASSWORD) as server:
            modem.write(port, b"x", way=STARTTLS)
            check(modem.put()[0] == NOT_NEGOTIATED and "has no STARTTLS" in modem.log(), modem.log()[-800:])
            modem.write(port, b"x", password="wrong")
            check(modem.put() == (LOGIN_REFUSED, 535), modem.log()[-800:])
            modem.write(port, b"x")
            modem.at.ok('AT+QSMTPDST=1,1,"nobody@b.example"')
            check(modem.put() == (RECIPIENT_REFUSED, 550), modem.log()[-800:])
            modem.write(port, b"x")
            modem.at.ok('AT+QFDEL="picture.bin"')
            check(modem.put()[0] == ATTACHMENT_GONE, modem.log()[-800:])
            check(server.messages() == 0, "something was accepted")
            modem.write(port, b"x")
            check(modem.put() == (0, 0) and server.messages() == 1, modem.log()[-800:])
        for security, way in (("starttls", STARTTLS), ("tls", TLS)):
            with SmtpServer(bench.pki, port, bench.folder("untrusted" + security), security, "me", PASSWORD) as server:
                modem.write(port, b"x", way=way, context=STRANGER)
                result = modem.put()
                check(result[0] != 0 and server.messages() == 0, f"{security}: a server that nobody vouches for got a mail")
                check("certificate" in modem.log(), "the log does not say why")


def run():
    with Directory() as path:
        bench = Bench(path, "mail.test")
        main([(case.__name__, lambda case=case: case(bench)) for case in (every_way_out, refused)])


if __name__ == "__main__":
    run()
