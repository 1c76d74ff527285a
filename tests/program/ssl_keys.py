#!/usr/bin/env python3
"""The keys of AT+QSSLCFG that the EC200x and EC800x have beyond the BG96's, each at work against a real server: a second file of
trusted certificates, a chain that ends at a stranger, a signature that does not verify, and sessions, of which the server itself
says whether they were resumed."""

import base64
import re

from modem import Directory, check, main
from servers import openssl_server
from verification import GOOD, REFUSED, Bench, runner


def break_signature(pki, name, into):
    """A copy of a certificate whose last octet, of its signature, is another."""
    text = pki.content(name + ".pem").decode()
    der = bytearray(base64.b64decode(re.search("-----BEGIN CERTIFICATE-----(.*?)-----END", text, re.S).group(1)))
    der[-1] ^= 1
    body = base64.encodebytes(bytes(der)).decode()
    with open(pki.file(into + ".pem"), "w") as out:
        out.write(f"-----BEGIN CERTIFICATE-----\n{body}-----END CERTIFICATE-----\n")
    with open(pki.file(into + ".key"), "wb") as out:
        out.write(pki.content(name + ".key"))


def furnish(bench):
    pki = bench.pki
    pki.issue("unrelated", "nobody", issuer="unrelated", extensions="basicConstraints=critical,CA:true")
    bench.host.upload("unrelated.pem", pki.content("unrelated.pem"))
    bench.host.upload("other.pem", pki.content("other.pem"))
    for name in ("server", "stranger", "expired"):
        break_signature(pki, name, name + "-broken")
    pki.chain("above.pem", "intermediate.pem", "root.pem")


def certificate_cases(bench):
    """(name, server certificate, server options, settings, (code, words of the cause))"""
    unrelated, other, none = '"unrelated.pem"', '"other.pem"', '""'
    above = ("-cert_chain", bench.pki.file("above.pem"))
    skip, blind = {"ignoremulticertchainverify": 1}, {"ignoreinvalidcertsign": 1}
    yield "neither file trusts it", "server", (), {"cacert": unrelated, "cacertex": other}, (REFUSED, "trust|issuer")
    yield "cacertex alone", "server", (), {"cacert": none, "cacertex": '"root.pem"'}, (GOOD, "")
    yield "cacertex alone, the wrong one", "untrusted", (), {"cacert": none, "cacertex": '"root.pem"'}, (REFUSED, "trust|issuer")
    yield "cacert of two, first trusts", "server", (), {"cacertex": other}, (GOOD, "")
    yield "cacert of two, second trusts", "untrusted", (), {"cacertex": other}, (GOOD, "")
    yield "cacertex that is not there", "server", (), {"cacertex": '"nowhere.pem"'}, (REFUSED, r"nowhere\.pem")
    yield "chain of three, root unknown", "leaf", above, {"cacert": unrelated}, (REFUSED, "trust|issuer|self-signed")
    yield "chain of three, root unknown, chain ignored", "leaf", above, {"cacert": unrelated, **skip}, (GOOD, "")
    yield "issuer not sent, chain ignored", "leaf", (), {"cacert": unrelated, **skip}, (REFUSED, "")
    yield "broken signature", "server-broken", (), {}, (REFUSED, "signature|trust")
    yield "broken signature, ignored", "server-broken", (), blind, (GOOD, "")
    yield "nobody's certificate, signature ignored", "selfsigned", (), blind, (GOOD, "")
    yield "broken and of another host, ignored", "stranger-broken", (), blind, (REFUSED, r"stranger\.test")
    yield "broken and expired, ignored", "expired-broken", (), blind, (REFUSED, "expired 2021")
    yield "wrong host, no key for it", "stranger", (), {}, (REFUSED, r"stranger\.test")


def sessions(bench, cache, options, resumed):
    """Two connections one after the other; what the server says of the second."""
    def case():
        with openssl_server(bench.pki, *options) as server:
            settings = {"session_cache": cache}
            bench.open(1, server, settings)
            seen = len(server.output)
            result, _ = bench.open(1, server, settings)
            check(result == GOOD, f"the second open: {result}")
            said = server.output[seen:]
            check(b"CIPHER is" in said, f"the server said nothing of the second: {said!r}")
            check((b"Reused session-id" in said) == resumed, f"resumed or not: {said!r}")
    return case


def table(bench):
    # What a case does not set is as it was before.
    plain = {"cacertex": '""', "ignoremulticertchainverify": 0, "ignoreinvalidcertsign": 0, "session_cache": 0}
    for name, certificate, options, settings, (code, words) in certificate_cases(bench):
        yield (f"{name} -> {code}",
               runner(bench, certificate, options, {**plain, **settings}, "echo.test", 1, code, words))
    for cache in (0, 1):
        yield f"session_cache {cache}, by id", sessions(bench, cache, ("-tls1_2", "-no_ticket"), cache == 1)
        yield f"session_cache {cache}, by ticket", sessions(bench, cache, ("-tls1_2",), cache == 1)
        yield f"session_cache {cache}, by id, TLS 1.0", sessions(bench, cache, ("-tls1", "-no_ticket"), cache == 1)


if __name__ == "__main__":
    with Directory() as directory:
        the_bench = Bench(directory, "EC200M-CN")
        try:
            furnish(the_bench)
            main(list(table(the_bench)))
        finally:
            the_bench.atls.stop()
