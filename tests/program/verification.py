#!/usr/bin/env python3
"""What each security level makes of each fault of a certificate: the wire code, the cause in the log, and that no application
octet left before the verdict."""

import re

from modem import Atls, Directory, check, main
from pki import Pki
from servers import openssl_server

GOOD, REFUSED = 0, 566


class Bench:
    """One modem and its files, kept for all cases."""

    def __init__(self, path, module="BG96"):
        self.pki = Pki(path)
        pki = self.pki
        names = ["DNS:echo.test", "IP:127.0.0.1"]
        pki.issue("server", "echo.test", names=names)
        pki.issue("expired", "echo.test", names=names, start="20200101000000Z", end="20210101000000Z")
        pki.issue("future", "echo.test", names=names, start="20380101000000Z", end="20390101000000Z")
        pki.issue("stranger", "stranger.test", names=["DNS:stranger.test"])
        pki.issue("untrusted", "echo.test", issuer="other", names=names)
        pki.issue("selfsigned", "echo.test", issuer="selfsigned", names=names)
        pki.issue("leaf", "echo.test", issuer="intermediate", names=names)
        pki.issue("client", "modem", kind="rsa")
        pki.issue("client-ec", "modem", kind="ec")
        self.atls = Atls({"uart1": "tcp:127.0.0.1:0"}, "--hosts", "echo.test=127.0.0.1", "--hosts", "wrong.test=127.0.0.1",
                         "--clock", "2026-11-21T08:00:00Z", module=module)
        self.host = self.atls.host("uart1")
        self.host.prepare()
        for name in ("root", "client", "client-ec"):
            self.host.upload(f"{name}.pem", pki.content(f"{name}.pem"))
        for name in ("client", "client-ec"):
            self.host.upload(f"{name}.key", pki.content(f"{name}.key"))
        self.host.upload("garbage.pem", b"this is no certificate\x00\xff" * 20)
        self.context = 0

    def open(self, level, server, settings=(), address="echo.test"):
        """The result of an open, and what the log said of it. Contexts are reused with all settings given anew."""
        host = self.host
        host.ok('AT+CCLK="26/11/21,08:00:00+00"')
        values = {"seclevel": level, "cacert": '"root.pem"', "clientcert": '""', "clientkey": '""', "checkhost": 0,
                  "ignorelocaltime": 0, "sni": 0, "negotiatetime": 10}
        values.update(settings)
        clock = values.pop("clock", None)
        if clock:
            host.ok(f'AT+CCLK="{clock}"')
        for key, value in values.items():
            host.ok(f'AT+QSSLCFG="{key}",0,{value}')
        before = len(self.atls.log())
        seen = len(server.output)
        result = host.open_ssl(0, address, server.port, context=0)
        if result == GOOD:
            check(host.send_ssl(0, b"after the verdict\n") == "SEND OK", "no SEND OK")
            server.wait_for(b"after the verdict\n", seen)
        else:
            # A host that sends at once must not get anything through either.
            check(host.send_ssl(0, b"before the verdict\n") == "ERROR", "an octet was taken for a refused connection")
        host.ok("AT+QSSLCLOSE=0,2")
        if result != GOOD:
            check(b"before the verdict" not in server.output, "an application octet left before the verdict")
        return result, self.atls.log()[before:]


def cases(bench):
    """(name, server certificate, server options, settings, address, {level: (code, words of the cause)})"""
    ask = ("-Verify", "1", "-CAfile", bench.pki.file("root.pem"), "-verify_return_error")
    own = {"clientcert": '"client.pem"', "clientkey": '"client.key"'}
    own_ec = {"clientcert": '"client-ec.pem"', "clientkey": '"client-ec.key"'}
    pair = {"clientcert": '"client.pem"', "clientkey": '"client-ec.key"'}
    good = {0: (GOOD, ""), 1: (GOOD, ""), 2: (GOOD, "")}

    def refused(words, zero=GOOD):
        return {0: (zero, "" if zero == GOOD else words), 1: (REFUSED, words), 2: (REFUSED, words)}

    yield "good", "server", (), {}, "echo.test", good
    yield "good with host checked", "server", (), {"checkhost": 1}, "echo.test", good
    yield "good by address", "server", (), {"checkhost": 1}, "127.0.0.1", good
    yield "expired", "expired", (), {}, "echo.test", refused(r"expired 2021.*the module clock 2026.*AT\+CCLK")
    yield "expired, clock ignored", "expired", (), {"ignorelocaltime": 1}, "echo.test", good
    yield "expired, clock set into its validity", "expired", (), {"clock": "20/06/01,00:00:00+00"}, "echo.test", {
        0: (GOOD, ""), 1: (GOOD, ""), 2: (GOOD, "")}
    yield "good, clock set out of its validity", "server", (), {"clock": "41/06/01,00:00:00+00"}, "echo.test", refused(
        r"expired.*2040")
    yield "not yet valid", "future", (), {}, "echo.test", refused(r"not (yet )?valid.*2038")
    yield "wrong host, not checked", "stranger", (), {}, "echo.test", good
    yield "wrong host, checked", "stranger", (), {"checkhost": 1}, "echo.test", refused(r"stranger\.test")
    yield "untrusted", "untrusted", (), {}, "echo.test", refused(r"trust|issuer")
    yield "self-signed", "selfsigned", (), {}, "echo.test", refused(r"self-signed")
    yield "intermediate missing", "leaf", (), {}, "echo.test", refused(r"atls test intermediate")
    yield "intermediate sent", "leaf", ("-cert_chain", bench.pki.file("intermediate.pem")), {}, "echo.test", good
    yield "CA file missing", "server", (), {"cacert": '"nowhere.pem"'}, "echo.test", refused(r"nowhere\.pem")
    yield "CA file unset", "server", (), {"cacert": '""'}, "echo.test", refused(r"cacert|CA|trusted")
    yield "CA file garbage", "server", (), {"cacert": '"garbage.pem"'}, "echo.test", refused(r"garbage\.pem")
    yield "client certificate wanted and given", "server", ask, own, "echo.test", {2: (GOOD, "")}
    yield "client certificate wanted and given, EC", "server", ask, own_ec, "echo.test", {2: (GOOD, "")}
    yield "client certificate wanted, none given", "server", ask, {}, "echo.test", {
        1: (REFUSED, r"certificate"), 2: (REFUSED, r"certificate")}
    yield "client key of another pair", "server", ask, pair, "echo.test", {2: (REFUSED, r"(pair|match|belong)")}
    yield "client certificate file missing", "server", ask, {"clientcert": '"none.pem"', "clientkey": '"client.key"'
                                                             }, "echo.test", {2: (REFUSED, r"none\.pem")}


def runner(bench, certificate, options, settings, address, level, code, words):
    def case():
        # TLS 1.2 only at the server, so that a client certificate is judged within the handshake.
        with openssl_server(bench.pki, "-no_tls1_3", *options, certificate=certificate) as server:
            result, log = bench.open(level, server, settings, address)
            check(result == code, f"+QSSLOPEN: 0,{result} instead of {code}; log: {log[-600:]}")
            check(not words or re.search(words, log, re.S), f"the log does not say {words!r}: {log[-600:]}")
    return case


def table(bench):
    for name, certificate, options, settings, address, expectations in cases(bench):
        for level, (code, words) in expectations.items():
            yield (f"seclevel {level}: {name} -> {code}",
                   runner(bench, certificate, options, settings, address, level, code, words))


if __name__ == "__main__":
    with Directory() as directory:
        the_bench = Bench(directory)
        try:
            main(list(table(the_bench)))
        finally:
            the_bench.atls.stop()
