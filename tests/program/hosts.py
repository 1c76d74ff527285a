"""How the host of each family of modules opens, uses and closes a secure connection.

A host says which pairs its module `can` do, and which of them are `steered`: where the host cannot name the suite and the version,
the server must refuse all others.
"""

import os
import select
import subprocess
import tempfile
import time

from modem import DEADLINE, Atls, Failure, Host, check, printed
from servers import PSK_HEX, PSK_IDENTITY
from suites import VERSIONS, suites_in, suites_of

CERTIFICATES_CONTEXT, PSK_CONTEXT = 1, 2
SOCKET = 0


class AtHost:
    """A module under its own atls; start() of each family makes it ready."""

    def __init__(self, module, pki):
        self.name = module
        self.trusted = pki.content("ca.pem")
        self.start()

    def suites(self):
        return suites_of(self.name)

    def stop(self):
        self.host.close()
        self.atls.stop()

    def restart(self):
        self.host.close()
        self.atls.kill()
        self.start()

    def log(self):
        """What it said of the latest connection."""
        return self.atls.log()[self.before:]


class Lte(AtHost):
    """BG96 and its kin: QSSLCFG chooses suite and version; a file brings the PSK, and with it suites that have no number here."""

    def start(self):
        self.atls = Atls({"uart1": "tcp:127.0.0.1:0"}, module=self.name)
        self.host = self.atls.host("uart1")
        self.host.prepare()
        self.host.upload("ca.pem", self.trusted)
        self.host.upload(f"{PSK_CONTEXT}_server.psk", f"{PSK_IDENTITY}&{PSK_HEX}".encode())
        for context, level in ((CERTIFICATES_CONTEXT, 1), (PSK_CONTEXT, 0)):
            self.host.ok(f'AT+QSSLCFG="cacert",{context},"ca.pem"')
            self.host.ok(f'AT+QSSLCFG="seclevel",{context},{level}')
        self.before = 0
        self.has_datagrams = '"dtls"' in self.host.ok("AT+QSSLCFG=?")

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
        self.before = len(self.atls.log())
        result = self.host.open_ssl(SOCKET, "127.0.0.1", port, context=context)
        check(result == 0, f"+QSSLOPEN: {SOCKET},{result}")

    def send(self, data):
        check(self.host.send_ssl(SOCKET, data) == "SEND OK", "send failed")

    def receive(self, enough):
        return self.host.receive_ssl(SOCKET, enough)

    def close(self):
        self.host.ok(f"AT+QSSLCLOSE={SOCKET},5")
        check("+QSSLSTATE" not in self.host.ok("AT+QSSLSTATE"), "still there after QSSLCLOSE")


class Bc66(AtHost):
    """Suite and version cannot be chosen, so the server chooses; the PSK is of atls's own configuration. Data comes in URCs only."""

    CERTIFICATES, PSK = 1, 2  # connectIDs

    def start(self):
        self.atls = Atls({"uart1": "tcp:127.0.0.1:0"}, "--psk", f"{PSK_IDENTITY}:{PSK_HEX}", module=self.name)
        self.host = self.atls.host("uart1")
        self.host.ok("ATE0")
        self.host.ok(f'AT+QSSLCFG=1,{self.CERTIFICATES},"seclevel",1')
        self.type_pem(self.CERTIFICATES, "cacert", self.trusted)
        self.before = 0

    def can(self, pair):
        return pair.version in ("TLS 1.0", "TLS 1.1", "TLS 1.2")

    def steered(self, pair):
        del pair
        return True

    # --- AT, as this family has it ---

    def type_pem(self, connection, key, pem, write=None):
        self.host.send(f'AT+QSSLCFG=1,{connection},"{key}"')
        self.host.expect(b"\r\n> ")
        (write or Host.write)(self.host, pem)
        self.host.write(b"\x1a")
        count = int(self.host.match(rb'\r\n\+QSSLCFG: 1,%d,"%s",(\d+)\r\n\r\nOK\r\n' % (connection, key.encode())).group(1))
        check(count == len(pem), f"{key}: {count} octets counted, {len(pem)} typed")

    def result_of_open(self, connection, port):
        self.before = len(self.atls.log())
        self.host.ok(f'AT+QSSLOPEN=1,{connection},"127.0.0.1",{port},0')
        return int(self.host.match(rb"\r\n\+QSSLOPEN: 1,%d,(-?\d+)\r\n" % connection).group(1))

    def sent(self, connection):
        result = self.host.match(rb"^\r\nOK\r\n\r\n\+QSSLSEND: 1,%d,(-?\d+)\r\n" % connection).group(1)
        check(result == b"0", f"+QSSLSEND: {result}")

    def send_counted(self, connection, data, as_hex=False):
        self.host.send(f"AT+QSSLSEND=1,{connection},{len(data)}")
        self.host.expect(b"\r\n> ")
        self.host.write(data.hex().encode() if as_hex else data)
        self.sent(connection)

    def send_until_control_z(self, connection, data):
        self.host.send(f"AT+QSSLSEND=1,{connection}")
        self.host.expect(b"\r\n> ")
        # At 1460 octets it goes by itself; a Ctrl-Z behind that is dropped.
        self.host.write(data + b"\x1a")
        self.sent(connection)

    def next_data(self, connection, as_hex=False):
        count = int(self.host.match(rb'^\r\n\+QSSLURC: "recv",1,%d,(\d+),"' % connection).group(1))
        text = self.host.read(2 * count if as_hex else count)
        check(self.host.read(3) == b'"\r\n', "the data does not end where it should")
        return bytes.fromhex(text.decode()) if as_hex else text

    def close_connection(self, connection):
        self.host.ok(f"AT+QSSLCLOSE=1,{connection}")
        self.host.expect(b"\r\n+QSSLCLOSE: 1,%d,0\r\n" % connection)

    # --- what the matrix asks for ---

    def open(self, pair, port):
        self.connection = self.PSK if pair.suite.exchange == "PSK" else self.CERTIFICATES
        result = self.result_of_open(self.connection, port)
        check(result == 0, f"+QSSLOPEN: 1,{self.connection},{result}")

    def send(self, data):
        self.send_counted(self.connection, data)

    def receive(self, enough):
        data = b""
        while not enough(data):
            data += self.next_data(self.connection)
        return data

    def close(self):
        # A server that closes first leaves nothing to close.
        self.host.send(f"AT+QSSLCLOSE=1,{self.connection}")
        self.host.match(rb"\r\n(OK\r\n\r\n\+QSSLCLOSE: 1,%d,0|ERROR)\r\n" % self.connection)
        check(self.host.command(f"AT+QSSLCLOSE=1,{self.connection}").endswith("\r\nERROR\r\n"), "still open after QSSLCLOSE")


class Gsm(Lte):
    """As the LTE families, but for the bearer, the store of certificates, and the grammar."""

    def start(self):
        self.atls = Atls({"uart1": "tcp:127.0.0.1:0"}, module=self.name)
        self.host = self.atls.host("uart1")
        self.host.ok("ATE0")
        self.host.send(f'AT+QSECWRITE="RAM:ca.pem",{len(self.trusted)},100')
        self.host.expect(b"CONNECT\r\n")
        self.host.write(self.trusted)
        self.host.expect(b"\r\nOK\r\n")
        for command in ("QIREGAPP", "QIACT", "QIMUX=1", f'QSSLCFG="cacert",{CERTIFICATES_CONTEXT},"RAM:ca.pem"',
                        f'QSSLCFG="seclevel",{CERTIFICATES_CONTEXT},1'):
            self.host.ok("AT+" + command)
        self.before = 0

    def can(self, pair):
        return not pair.datagram and pair.suite.exchange != "PSK"

    def open(self, pair, port):
        self.host.ok(f'AT+QSSLCFG="ciphersuite",{CERTIFICATES_CONTEXT},"0X{pair.suite.number}"')
        self.host.ok(f'AT+QSSLCFG="sslversion",{CERTIFICATES_CONTEXT},{VERSIONS.index(pair.version)}')
        self.before = len(self.atls.log())
        self.host.ok(f'AT+QSSLOPEN={SOCKET},{CERTIFICATES_CONTEXT},"127.0.0.1",{port},0')
        result = int(self.host.match(rb"\r\n\+QSSLOPEN: %d,(-?\d+)\r\n" % SOCKET).group(1))
        check(result == 0, f"+QSSLOPEN: {SOCKET},{result}")

    def read(self):
        self.host.send(f"AT+QSSLRECV=0,{SOCKET},1500")
        found = self.host.match(rb"\r\n(?:\+QSSLRECV: [0-9.:]+,TCP,(\d+)\r\n|OK\r\n)")
        if found.group(1) is None:
            return b""
        data = self.host.read(int(found.group(1)))
        check(self.host.read(6) == b"\r\nOK\r\n", "the data does not end where it should")
        return data

    def receive(self, enough):
        data = b""
        while not enough(data):
            piece = self.read()
            data += piece
            if not piece:
                self.host.expect(b'+QSSLURC: "recv",0,%d\r\n' % SOCKET)
        return data

    def close(self):
        # A server that closes first leaves nothing to close.
        self.host.send(f"AT+QSSLCLOSE={SOCKET}")
        self.host.match(rb"\r\n(%d, CLOSE OK|ERROR)\r\n" % SOCKET)
        check(f'+QSSLSTATE: {SOCKET},"","",0,"INITIAL",0' in self.host.ok("AT+QSSLSTATE"), "still there after QSSLCLOSE")


class Engine:
    """No module: the TLS engine as it is, in a child process for each connection."""

    name = "engine"

    def __init__(self, pki):
        self.program = os.environ.get("ATLS_ENGINE_CLIENT")
        check(self.program, "ATLS_ENGINE_CLIENT must name the engine_client program")
        self.trusted = pki.file("ca.pem")
        self.process = None
        self.errors = tempfile.TemporaryFile()

    def suites(self):
        return suites_in(self.program, "suites")

    def stop(self):
        if self.process:
            self.process.kill()
            self.process.communicate()
            self.process = None

    restart = stop

    def log(self):
        return printed(self.errors)

    def can(self, pair):
        del pair
        return True

    def steered(self, pair):
        del pair
        return False

    def open(self, pair, port):
        self.errors = tempfile.TemporaryFile()
        secret = [PSK_IDENTITY, PSK_HEX] if pair.suite.exchange == "PSK" else []
        self.process = subprocess.Popen([self.program, str(port), pair.suite.number, pair.version, self.trusted, *secret],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors)

    def send(self, data):
        try:
            self.process.stdin.write(data)
            self.process.stdin.flush()
        except BrokenPipeError as gone:
            raise Failure("engine_client has ended") from gone

    def receive(self, enough):
        data = b""
        until = time.monotonic() + DEADLINE
        while not enough(data):
            check(select.select([self.process.stdout], [], [], max(0, until - time.monotonic()))[0], f"no more than {data!r}")
            piece = os.read(self.process.stdout.fileno(), 65536)
            check(piece, f"the connection ended after {data!r}")
            data += piece
        return data

    def close(self):
        try:
            self.process.communicate(timeout=DEADLINE)
        except subprocess.TimeoutExpired as late:
            raise Failure("engine_client does not end") from late
        check(self.process.returncode == 0, f"engine_client: {self.process.returncode}")
        self.process = None


# One module of each dialect stands for its kin, which differ in nothing that TLS sees.
HOSTS = {"BG96": Lte, "EC200M-CN": Lte, "BC66": Bc66, "M95": Gsm}
KIN = {"EC200N-CN": "EC200M-CN", "EC800M-CN": "EC200M-CN", "EC800N-CN": "EC200M-CN", "BC66-NA": "BC66", "M10": "M95", "M66": "M95", "M85": "M95"}
