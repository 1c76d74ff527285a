"""How the host of each family of modules opens, uses and closes a secure connection.

A host says which pairs its module `can` do, and which of them are `steered`: where the host cannot name the suite and the version,
the server must refuse all others. `open` checks that the connection is of the pair.
"""

from modem import Atls, check
from servers import PSK_HEX, PSK_IDENTITY
from suites import VERSIONS

CERTIFICATES_CONTEXT, PSK_CONTEXT = 1, 2
SOCKET = 0


class Lte:
    """BG96 and its kin: QSSLCFG chooses suite and version; a file brings the PSK, and with it suites that have no number here."""

    def __init__(self, module, trusted):
        self.module = module
        self.trusted = trusted
        self.start()

    def start(self):
        self.atls = Atls({"uart1": "tcp:127.0.0.1:0"}, module=self.module)
        self.host = self.atls.host("uart1")
        self.host.prepare()
        self.host.upload("ca.pem", self.trusted)
        self.host.upload(f"{PSK_CONTEXT}_server.psk", f"{PSK_IDENTITY}&{PSK_HEX}".encode())
        for context, level in ((CERTIFICATES_CONTEXT, 1), (PSK_CONTEXT, 0)):
            self.host.ok(f'AT+QSSLCFG="cacert",{context},"ca.pem"')
            self.host.ok(f'AT+QSSLCFG="seclevel",{context},{level}')
        self.has_datagrams = '"dtls"' in self.host.ok("AT+QSSLCFG=?")

    def stop(self):
        self.host.close()
        self.atls.stop()

    def restart(self):
        self.host.close()
        self.atls.kill()
        self.start()

    def log(self):
        return self.atls.log()

    def can(self, pair):
        """A PSK's suites that have no number are offered in datagrams only."""
        return self.has_datagrams if pair.datagram else pair.suite.named

    def steered(self, pair):
        """Whether only the server can see to it that the connection is of this pair."""
        return not pair.suite.named

    def open(self, pair, port):
        context = PSK_CONTEXT if pair.suite.exchange == "PSK" else CERTIFICATES_CONTEXT
        self.host.ok(f'AT+QSSLCFG="ciphersuite",{context},0X{pair.suite.number if pair.suite.named else "FFFF"}')
        self.host.ok(f'AT+QSSLCFG="dtls",{context},{int(pair.datagram)}')
        key, first = ("dtlsversion", "DTLS 1.0") if pair.datagram else ("sslversion", "SSL 3.0")
        self.host.ok(f'AT+QSSLCFG="{key}",{context},{VERSIONS.index(pair.version) - VERSIONS.index(first)}')
        before = len(self.log())
        result = self.host.open_ssl(SOCKET, "127.0.0.1", port, context=context)
        check(result == 0, f"+QSSLOPEN: {SOCKET},{result}")
        said = self.log()[before:]
        check(f"open: {pair.version}, {pair.suite.name}," in said, f"another suite or version: {said}")

    def send(self, data):
        check(self.host.send_ssl(SOCKET, data) == "SEND OK", "send failed")

    def receive(self, enough):
        return self.host.receive_ssl(SOCKET, enough)

    def close(self):
        self.host.ok(f"AT+QSSLCLOSE={SOCKET},5")
        check("+QSSLSTATE" not in self.host.ok("AT+QSSLSTATE"), "still there after QSSLCLOSE")


# One module of each dialect stands for its kin, which differ in nothing that TLS sees.
HOSTS = {"BG96": Lte, "EC200M-CN": Lte}
KIN = {"EC200N-CN": "EC200M-CN", "EC800M-CN": "EC200M-CN", "EC800N-CN": "EC200M-CN"}
