#!/usr/bin/env python3
"""Every suite of the BG96 in every version it is defined for, over AT, against servers of three other libraries.

Each cell of the printed table is a real handshake, data both ways compared, and a close. "-": that library has not got it.
"""

import sys

from modem import Atls, Directory, Failure, check
from pki import Pki
from servers import PSK_HEX, PSK_IDENTITY, gnutls_server, nss_server, openssl_server, version_of

SUITES = {
    "0035": "RSA_AES_256_CBC_SHA", "002F": "RSA_AES_128_CBC_SHA", "0005": "RSA_RC4_128_SHA", "0004": "RSA_RC4_128_MD5",
    "000A": "RSA_3DES_EDE_CBC_SHA", "003D": "RSA_AES_256_CBC_SHA256", "C011": "ECDHE_RSA_RC4_128_SHA",
    "C012": "ECDHE_RSA_3DES_EDE_CBC_SHA", "C013": "ECDHE_RSA_AES_128_CBC_SHA", "C014": "ECDHE_RSA_AES_256_CBC_SHA",
    "C027": "ECDHE_RSA_AES_128_CBC_SHA256", "C028": "ECDHE_RSA_AES_256_CBC_SHA384", "C02F": "ECDHE_RSA_AES_128_GCM_SHA256",
}
# QSSLCFG numbers: "sslversion" 0-3, and "dtlsversion" 0-1 behind a d.
VERSIONS = ["0", "1", "2", "3", "d0", "d1"]
NAMES = {"0": "SSL 3.0", "1": "TLS 1.0", "2": "TLS 1.1", "3": "TLS 1.2", "d0": "DTLS 1.0", "d1": "DTLS 1.2"}


def defined(suite, version):
    if suite in ("003D", "C027", "C028", "C02F"):
        return version in ("3", "d1")
    if "RC4" in SUITES[suite] and version.startswith("d"):
        return False
    return not (version == "0" and suite.startswith("C0"))


def offered_by(library, suite, version):
    """What that library's server can do at all; see its documentation."""
    name = SUITES[suite]
    if library == "openssl":
        return version != "0" and "RC4" not in name and "3DES" not in name
    if library == "gnutls":
        return version != "0"
    return not version.startswith("d")


def configure(host, suite, version):
    host.ok('AT+QSSLCFG="seclevel",1,1')
    host.ok('AT+QSSLCFG="cacert",1,"ca.pem"')
    host.ok(f'AT+QSSLCFG="ciphersuite",1,0X{suite}')
    host.ok(f'AT+QSSLCFG="dtls",1,{int(version.startswith("d"))}')
    key = "dtlsversion" if version.startswith("d") else "sslversion"
    host.ok(f'AT+QSSLCFG="{key}",1,{version[-1]}')


def talk(host, library, server):
    """Data to the server and data back."""
    if library == "nss":
        check(host.send_ssl(0, b"GET / HTTP/1.0\r\n\r\n") == "SEND OK", "send failed")
        host.receive_ssl(0, lambda data: b"HTTP/1.0 200 OK" in data)
    elif library == "gnutls":
        line = bytes(range(97, 123)) * 11 + b"\n"
        check(host.send_ssl(0, line) == "SEND OK", "send failed")
        check(host.receive_ssl(0, lambda data: len(data) >= len(line)) == line, "the echo differs")
    else:
        start = len(server.output)
        line = b"hello-" + bytes(range(97, 123)) * 11 + b"\n"
        check(host.send_ssl(0, line) == "SEND OK", "send failed")
        server.wait_for(line, start)
        server.send(line[::-1].strip() + b"\n")
        wanted = line[::-1].strip() + b"\n"
        check(host.receive_ssl(0, lambda data: len(data) >= len(wanted)) == wanted, "what the server sent differs")


def attempt(host, library, server):
    result = host.open_ssl(0, "127.0.0.1", server.port)
    if result != 0:
        host.ok("AT+QSSLCLOSE=0")
        raise Failure(f"+QSSLOPEN: 0,{result}")
    talk(host, library, server)
    host.ok("AT+QSSLCLOSE=0,5")
    check("+QSSLSTATE" not in host.ok("AT+QSSLSTATE"), "still there after QSSLCLOSE")


def start(pki, library, datagram):
    if library == "openssl":
        return openssl_server(pki, datagram=datagram)
    if library == "gnutls":
        return gnutls_server(pki, datagram)
    return nss_server(pki, SUITES)


def run_pairs(pki, host, library, pairs, table, atls):
    server = None
    try:
        for suite, version in pairs:
            # A DTLS server serves one client well; TLS servers are kept.
            if server is None or version.startswith("d"):
                if server:
                    server.stop()
                server = start(pki, library, version.startswith("d"))
            configure(host, suite, version)
            try:
                attempt(host, library, server)
                table[suite, version, library] = "ok"
            except Failure as failure:
                table[suite, version, library] = "FAILED"
                print(f"FAILED {library} {suite} {NAMES[version]}: {failure}\n{atls.log()[-600:]}", flush=True)
                server.stop()
                server = None
    finally:
        if server:
            server.stop()


def psk(pki, host, table, atls):
    host.upload("1_server.psk", f"{PSK_IDENTITY}&{PSK_HEX}".encode())
    host.ok('AT+QSSLCFG="seclevel",1,0')
    host.ok('AT+QSSLCFG="ciphersuite",1,0XFFFF')
    for version in ("d0", "d1"):
        for library in ("openssl", "gnutls"):
            # Each server has PSK only, or is told by the client's preference: certificates stay out of it.
            server = openssl_server(pki, datagram=True, psk=True) if library == "openssl" else gnutls_server(pki, True)
            with server:
                host.ok('AT+QSSLCFG="dtls",1,1')
                host.ok(f'AT+QSSLCFG="dtlsversion",1,{version[-1]}')
                try:
                    attempt(host, library, server)
                    table["PSK", version, library] = "ok"
                except Failure as failure:
                    table["PSK", version, library] = "FAILED"
                    print(f"FAILED {library} PSK {NAMES[version]}: {failure}\n{atls.log()[-600:]}", flush=True)
    host.ok('AT+QFDEL="1_server.psk"')


def show(table):
    libraries = ["openssl", "gnutls", "nss"]
    print("servers: OpenSSL " + version_of("openssl", "version") + ", GnuTLS " + version_of("gnutls-serv", "--version") +
          ", NSS selfserv")
    print(f"{'suite':36}" + "".join(f"{NAMES[version]:>24}" for version in VERSIONS))
    print(f"{'':36}" + f"{'openssl gnutls  nss':>24}" * len(VERSIONS))
    for suite in [*SUITES, "PSK"]:
        row = f"{suite} {SUITES.get(suite, 'all PSK suites'):31}"
        for version in VERSIONS:
            row += "    " + "".join(f"{table.get((suite, version, library), '-'):>6} " for library in libraries)[:-1]
        print(row)


def main():
    with Directory() as path:
        pki = Pki(path)
        pki.issue("server", "echo.test", names=["DNS:echo.test", "IP:127.0.0.1"])
        table = {}
        with Atls({"uart1": "tcp:127.0.0.1:0"}) as atls:
            host = atls.host("uart1")
            host.prepare()
            host.upload("ca.pem", pki.content("root.pem"))
            for library in ("openssl", "gnutls", "nss"):
                pairs = [(suite, version) for version in VERSIONS for suite in SUITES
                         if defined(suite, version) and offered_by(library, suite, version)]
                run_pairs(pki, host, library, pairs, table, atls)
            psk(pki, host, table, atls)
        show(table)
    wanted = {(suite, version) for suite in SUITES for version in VERSIONS if defined(suite, version)}
    missing = wanted - {(suite, version) for (suite, version, _), cell in table.items() if cell == "ok"}
    failed = [key for key, cell in table.items() if cell == "FAILED"]
    for suite, version in sorted(missing):
        print(f"no server agreed on {suite} in {NAMES[version]}")
    done = sum(cell == "ok" for cell in table.values())
    print(f"{done} passed, {len(failed) + len(missing)} failed")
    sys.exit(1 if failed or missing else 0)


if __name__ == "__main__":
    main()
