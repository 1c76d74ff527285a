"""The servers of the interoperability matrix. None is the library that atls is made of.

A Library says which pairs of suite and version its server can do, starts it for pairs that want the same certificate and
transport, and knows what data to exchange. `only` makes a server refuse all but one pair, for modems whose host cannot choose.
"""

import os
import socket
import subprocess

from modem import FULL, check, free_port
from servers import PSK_HEX, PSK_IDENTITY, Server, openssl_server, version_of

ALPHABET = bytes(range(97, 123))
LINE = b"hello-" + ALPHABET * 11 + b"\n"
STATIC = ("ECDH_RSA", "ECDH_ECDSA")
HERE = os.path.dirname(os.path.abspath(__file__))


def port_for(pairs):
    return free_port(socket.SOCK_DGRAM if pairs[0].datagram else socket.SOCK_STREAM)


class Library:
    letter = name = ""
    full = False  # too slow, or too much to install, for every run
    many_datagrams = False  # its DTLS server serves a second client well

    def version(self):
        return "?"

    def speaks(self, pair):
        raise NotImplementedError

    def group(self, pair):
        """Pairs for which this is the same can have the same server."""
        return pair.datagram, pair.suite.certificate

    def start(self, pki, pairs, only=None):
        raise NotImplementedError

    def talk(self, host, server):
        """A server that echoes. Others override this."""
        del server
        host.send(LINE)
        check(host.receive(lambda data: len(data) >= len(LINE)) == LINE, "the echo differs")

    def ended(self, server, start):
        """Waits for what the server prints on a close_notify, behind what it printed up to `start`."""


class OpenSsl(Library):
    """Debian leaves SSL 3.0, RC4 and 3DES out; upstream has dropped static ECDH."""

    letter, name = "O", "OpenSSL s_server"
    OPTIONS = {"TLS 1.0": "-tls1", "TLS 1.1": "-tls1_1", "TLS 1.2": "-tls1_2", "DTLS 1.0": "-dtls1", "DTLS 1.2": "-dtls1_2"}

    def version(self):
        return version_of("openssl", "version")

    def speaks(self, pair):
        return pair.version != "SSL 3.0" and "AES" in pair.suite.cipher and pair.suite.exchange not in STATIC

    def start(self, pki, pairs, only=None):
        options = ["-psk_identity", PSK_IDENTITY, "-psk", PSK_HEX]
        if only:
            name = subprocess.run(["openssl", "ciphers", "-convert", only.suite.name], capture_output=True, text=True, check=True)
            options += [self.OPTIONS[only.version], "-cipher", name.stdout.strip() + ":@SECLEVEL=0"]
        return openssl_server(pki, *options, certificate=pairs[0].suite.certificate, datagram=pairs[0].datagram)

    def talk(self, host, server):
        """It has no echo: what the server received is in its output, and it sends what it is given."""
        start = len(server.output)
        host.send(LINE)
        server.wait_for(LINE, start)
        back = LINE[::-1].strip() + b"\n"
        server.send(back)
        check(host.receive(lambda data: len(data) >= len(back)) == back, "what the server sent differs")

    def ended(self, server, start):
        server.wait_for(b"DONE\n", start)


class GnuTls(Library):
    """Has neither SSL 3.0 nor static ECDH, and PSK with SHA-2 from TLS 1.2 on only."""

    letter, name = "G", "gnutls-serv"
    ALL = ("NONE:+VERS-ALL:-VERS-TLS1.3:+CIPHER-ALL:+AES-128-CBC:+AES-256-CBC:+AES-128-GCM:+AES-256-GCM:+AES-128-CCM-8:+3DES-CBC:"
           "+ARCFOUR-128:+MAC-ALL:+SHA1:+SHA256:+SHA384:+MD5:+AEAD:+RSA:+ECDHE-RSA:+ECDHE-ECDSA:+PSK:")
    COMMON = "+SIGN-ALL:+GROUP-ALL:+COMP-NULL:+CTYPE-X509:%COMPAT"
    CIPHERS = {"RC4_128": "ARCFOUR-128", "3DES_EDE_CBC": "3DES-CBC"}

    def version(self):
        return version_of("gnutls-serv", "--version")

    def speaks(self, pair):
        suite = pair.suite
        late = suite.exchange == "PSK" and suite.mac in ("SHA256", "SHA384")
        return pair.version != "SSL 3.0" and suite.exchange not in STATIC and (
            not late or pair.version in ("TLS 1.2", "DTLS 1.2"))

    def priority(self, only):
        if not only:
            return self.ALL + self.COMMON
        suite = only.suite
        cipher = self.CIPHERS.get(suite.cipher, suite.cipher.replace("_", "-"))
        mac = "SHA1" if suite.mac == "SHA" else suite.mac
        version = only.version.replace(" ", "")
        return f"NONE:+VERS-{version}:+{suite.exchange.replace('_', '-')}:+{cipher}:+{mac}:{self.COMMON}"

    def start(self, pki, pairs, only=None):
        certificate = pairs[0].suite.certificate
        port = port_for(pairs)
        with open(pki.file("psk.txt"), "w") as passwords:
            passwords.write(f"{PSK_IDENTITY}:{PSK_HEX}\n")
        command = ["gnutls-serv", "--echo", "--crlf", "-p", str(port), "--priority", self.priority(only), "--x509certfile",
                   pki.file(certificate + ".pem"), "--x509keyfile", pki.file(certificate + ".key"), "--pskpasswd",
                   pki.file("psk.txt"), "--disable-client-cert"]
        if pairs[0].datagram:
            command.append("--udp")
        return Server(command, port, ready=b"...done")


class Nss(Library):
    """The one quick server with SSL 3.0 and static ECDH; the latter not with SHA-2. No DTLS, no PSK below TLS 1.3."""

    letter, name = "N", "NSS selfserv"
    VERSIONS = {"SSL 3.0": "ssl3", "TLS 1.0": "tls1.0", "TLS 1.1": "tls1.1", "TLS 1.2": "tls1.2"}

    def version(self):
        return version_of("dpkg-query", "-W", "libnss3-tools")  # selfserv does not tell

    def speaks(self, pair):
        suite = pair.suite
        return not pair.datagram and suite.exchange != "PSK" and not (suite.exchange in STATIC and suite.mac != "SHA")

    def database(self, pki, certificate):
        path = pki.file("nss-" + certificate)
        if not os.path.isdir(path):
            os.mkdir(path)
            for command in (["certutil", "-N", "-d", "sql:" + path, "--empty-password"],
                            ["pk12util", "-i", pki.bundle(certificate, ""), "-d", "sql:" + path, "-W", ""]):
                done = subprocess.run(command, capture_output=True, check=False)
                check(done.returncode == 0, f"{command[0]}: {done.stdout + done.stderr!r}")
        return path

    def start(self, pki, pairs, only=None):
        certificate = pairs[0].suite.certificate
        port = port_for(pairs)
        suites = "".join(":" + number for number in {pair.suite.number for pair in ([only] if only else pairs)})
        versions = 2 * [self.VERSIONS[only.version]] if only else ["ssl3", "tls1.2"]
        return Server(["selfserv", "-d", "sql:" + self.database(pki, certificate), "-n" if certificate == "rsa" else "-e",
                       certificate, "-p", str(port), "-V", ":".join(versions), "-c", suites], port)

    def talk(self, host, server):
        """It answers HTTP."""
        host.send(b"GET / HTTP/1.0\r\n\r\n")
        host.receive(lambda data: b"HTTP/1.0 200 OK" in data)


class Jsse(Library):
    """Static ECDH with SHA-2 and over DTLS, which no other server of Debian's packages has; SSL 3.0 and all the old ciphers."""

    letter, name = "J", "Java JSSE"
    full = True
    many_datagrams = True
    VERSIONS = {"SSL 3.0": "SSLv3", "TLS 1.0": "TLSv1", "TLS 1.1": "TLSv1.1", "TLS 1.2": "TLSv1.2", "DTLS 1.0": "DTLSv1.0",
                "DTLS 1.2": "DTLSv1.2"}

    def version(self):
        return version_of("java", "-version")

    def speaks(self, pair):
        return pair.suite.exchange != "PSK"

    def group(self, pair):
        # It puts its HelloVerifyRequest into a record of its own highest version, which a client of DTLS 1.0 does not read.
        return *super().group(pair), pair.version if pair.datagram else ""

    def start(self, pki, pairs, only=None):
        port = port_for(pairs)
        command = ["java", os.path.join(HERE, "JsseServer.java"), str(port), "datagram" if pairs[0].datagram else "stream",
                   pki.bundle(pairs[0].suite.certificate, "changeit")]
        if only:
            command += [self.VERSIONS[only.version], only.suite.name]
        elif pairs[0].datagram:
            command.append(self.VERSIONS[pairs[0].version])
        return Server(command, port, ready=b"ready\n")

    def ended(self, server, start):
        server.wait_for(b"closed\n", start)


class BouncyCastle(Library):
    """PSK below TLS 1.0, and with SHA-2 below TLS 1.2."""

    letter, name = "B", "Bouncy Castle"
    full = True
    JARS = ":".join(f"/usr/share/java/{name}.jar" for name in ("bctls", "bcprov", "bcutil"))
    VERSIONS = {"SSL 3.0": "0300", "TLS 1.0": "0301", "TLS 1.1": "0302", "TLS 1.2": "0303"}

    def version(self):
        return version_of("dpkg-query", "-W", "libbctls-java")

    def speaks(self, pair):
        return pair.suite.exchange == "PSK" and not pair.datagram

    def start(self, pki, pairs, only=None):
        port = port_for(pairs)
        command = ["java", "--class-path", self.JARS, os.path.join(HERE, "BouncyCastlePskServer.java"), str(port), PSK_IDENTITY,
                   PSK_HEX]
        if only:
            command += [self.VERSIONS[only.version], only.suite.number]
        return Server(command, port, ready=b"ready\n")

    def ended(self, server, start):
        server.wait_for(b"closed\n", start)


LIBRARIES = [OpenSsl(), GnuTls(), Nss(), Jsse(), BouncyCastle()]
IN_USE = [library for library in LIBRARIES if FULL or not library.full]
