#!/usr/bin/env python3
"""TCP listeners, UDP services, lost contexts and the module's own name servers, over real sockets of loopback."""

import os
import re
import shutil
import socket
import subprocess
import time

from modem import DEADLINE, Atls, Directory, Failure, check, free_port, main


class Bench(Atls):
    """One modem, prepared, with a host at its port and a control socket."""

    def __init__(self, path):
        self.control = os.path.join(path, "control")
        super().__init__({"uart1": "tcp:127.0.0.1:0"}, "--control", "unix:" + self.control)
        self.modem = self.host("uart1")
        self.modem.prepare()
        self.modem.ok("AT+QISDE=0")

    def ctl(self, *words):
        command = [os.environ["ATLS_PROGRAM"], "ctl", "--socket", self.control, *words]
        done = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE)
        check(done.returncode == 0, f"ctl {words}: {done.stdout}{done.stderr}")

    def open(self, socket_id, kind, port, mode):
        self.modem.ok(f'AT+QIOPEN=1,{socket_id},"{kind}","127.0.0.1",0,{port},{mode}')
        return int(self.modem.match(rb"\r\n\+QIOPEN: %d,(\d+)\r\n" % socket_id).group(1))

    def incoming(self, server):
        found = self.modem.match(rb'\r\n\+QIURC: "incoming",(\d+),%d,"127\.0\.0\.1",(\d+)\r\n' % server)
        return int(found.group(1)), int(found.group(2))

    def send(self, socket_id, data, address=None):
        to = f',"{address[0]}",{address[1]}' if address else ""
        self.modem.send(f"AT+QISEND={socket_id},{len(data)}{to}")
        self.modem.expect(b"\r\n> ")
        self.modem.write(data)
        self.modem.expect(b"\r\nSEND OK\r\n")

    def read(self, socket_id):
        """The data, and who sent it if that is told."""
        self.modem.send(f"AT+QIRD={socket_id}")
        found = self.modem.match(rb'\r\n\+QIRD: (\d+)(?:,"([0-9.]+)",(\d+))?\r\n')
        data = self.modem.read(int(found.group(1)))
        self.modem.expect(b"\r\nOK\r\n")
        return data, found.group(2) and (found.group(2).decode(), int(found.group(3)))


def with_modem(case):
    def run():
        with Directory() as path, Bench(path) as bench:
            case(bench)
    return run


def exactly(peer, count):
    data = b""
    while len(data) < count:
        piece = peer.recv(count - len(data))
        check(piece, "the modem closed")
        data += piece
    return data


def caller(port):
    peer = socket.create_connection(("127.0.0.1", port), DEADLINE)
    peer.settimeout(DEADLINE)
    return peer


def turned_away(port):
    """The reset may come before connect() has returned."""
    try:
        with caller(port) as peer:
            check(peer.recv(1) == b"", "who should be turned away got data")
    except ConnectionResetError:
        pass


def crowd(bench):
    """Eleven at once, a twelfth is refused, and a place that becomes free is given again."""
    port = free_port()
    check(bench.open(0, "TCP LISTENER", port, 0) == 0, "not opened")
    peers = {}
    for wanted in range(11, 0, -1):
        peer = caller(port)
        socket_id, remote = bench.incoming(0)
        check(socket_id == wanted, f"id {socket_id} instead of {wanted}")
        check(remote == peer.getsockname()[1], "another port than the caller's")
        peers[socket_id] = peer
    turned_away(port)
    bench.modem.expect(b'\r\n+QIURC: "incoming full"\r\n')
    states = bench.modem.ok("AT+QISTATE")
    check(states.count('"TCP INCOMING"') == 11 and states.count('"TCP LISTENER"') == 1, states)
    for socket_id, peer in peers.items():
        peer.sendall(b"I am %d" % socket_id)
        bench.modem.expect(b'\r\n+QIURC: "recv",%d\r\n' % socket_id)
    for socket_id, peer in peers.items():
        check(bench.read(socket_id)[0] == b"I am %d" % socket_id, "another's data")
        bench.send(socket_id, b"you are %d" % socket_id)
    for socket_id, peer in peers.items():
        check(exactly(peer, len(b"you are %d" % socket_id)) == b"you are %d" % socket_id, "another's answer")
    peers.pop(5).close()
    bench.modem.expect(b'\r\n+QIURC: "closed",5\r\n')
    bench.modem.ok("AT+QICLOSE=5")
    peers[5] = caller(port)
    check(bench.incoming(0)[0] == 5, "the free id was not given")
    bench.modem.ok("AT+QICLOSE=0")
    peers[5].sendall(b"still here")
    bench.modem.expect(b'\r\n+QIURC: "recv",5\r\n')
    try:
        caller(port)
        raise Failure("a closed listener takes callers")
    except ConnectionRefusedError:
        pass


def push(bench):
    port = free_port()
    check(bench.open(2, "TCP LISTENER", port, 1) == 0, "not opened")
    peer = caller(port)
    socket_id, _ = bench.incoming(2)
    data = bytes(range(256)) * 40
    peer.sendall(data)
    got = b""
    while len(got) < len(data):
        found = bench.modem.match(rb'\r\n\+QIURC: "recv",%d,(\d+)\r\n' % socket_id)
        got += bench.modem.read(int(found.group(1)))
    check(got == data, "pushed data differs")
    peer.close()
    bench.modem.expect(b'\r\n+QIURC: "closed",%d\r\n' % socket_id)


def transparent(bench):
    """The caller is taken up with ATO; what it said before comes first."""
    port = free_port()
    check(bench.open(2, "TCP LISTENER", port, 2) == 0, "not opened")
    peer = caller(port)
    socket_id, _ = bench.incoming(2)
    peer.sendall(b"before")
    check("CONNECT" in bench.modem.command("ATO"), "no CONNECT")
    bench.modem.expect(b"before")
    data = os.urandom(300_000).replace(b"+", b"-")
    bench.modem.write(data)
    check(exactly(peer, len(data)) == data, "what the peer got differs")
    peer.sendall(data)
    check(bench.modem.read(len(data)) == data, "what the host got differs")
    peer.close()
    bench.modem.expect(b"\r\nNO CARRIER\r\n")
    check(f"+QISTATE: {socket_id},\"TCP INCOMING\"" in bench.modem.ok(f"AT+QISTATE=1,{socket_id}"), "no state")


def peers_of_a_service(bench, mode):
    port = free_port(socket.SOCK_DGRAM)
    check(bench.open(3, "UDP SERVICE", port, mode) == 0, "not opened")
    peers = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2)]
    for peer in peers:
        peer.settimeout(DEADLINE)
        peer.bind(("127.0.0.1", 0))
    return port, peers


def service_buffer(bench):
    port, (first, second) = peers_of_a_service(bench, 0)
    first.sendto(b"one", ("127.0.0.1", port))
    bench.modem.expect(b'\r\n+QIURC: "recv",3\r\n')
    second.sendto(b"two\x00\x1a", ("127.0.0.1", port))
    check(bench.read(3) == (b"one", first.getsockname()), "not the first's datagram")
    data, sender = bench.read(3)
    while not data:
        data, sender = bench.read(3)
    check((data, sender) == (b"two\x00\x1a", second.getsockname()), f"not the second's datagram: {data} {sender}")
    bench.send(3, b"to the second", second.getsockname())
    bench.send(3, b"to the first", first.getsockname())
    check(first.recvfrom(100) == (b"to the first", ("127.0.0.1", port)), "the first got something else")
    check(second.recvfrom(100) == (b"to the second", ("127.0.0.1", port)), "the second got something else")


def service_push(bench):
    port, peers = peers_of_a_service(bench, 1)
    for peer in peers * 2:
        peer.sendto(b"x" * 700, ("127.0.0.1", port))
        address, number = peer.getsockname()
        bench.modem.expect(b'\r\n+QIURC: "recv",3,700,"%s",%d\r\n' % (address.encode(), number) + b"x" * 700)


def service_transparent(bench):
    port = free_port(socket.SOCK_DGRAM)
    answer = bench.modem.command(f'AT+QIOPEN=1,3,"UDP SERVICE","127.0.0.1",0,{port},2')
    check(answer.endswith("\r\nERROR\r\n"), answer)


def client_udp_transparent(bench):
    """What is typed in pieces leaves as one datagram."""
    peer = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    peer.settimeout(DEADLINE)
    peer.bind(("127.0.0.1", 0))
    bench.modem.ok('AT+QICFG="transwaittm",20;+QICFG="transpktsize",10')
    check("CONNECT" in bench.modem.command(f'AT+QIOPEN=1,4,"UDP","127.0.0.1",{peer.getsockname()[1]},0,2'), "no CONNECT")
    for piece in (b"01", b"234", b"56789a"):
        bench.modem.write(piece)
    data, back = peer.recvfrom(100)
    check(data == b"0123456789", f"a datagram of {data}")
    check(peer.recvfrom(100)[0] == b"a", "the rest did not come")
    peer.sendto(b"answer", back)
    bench.modem.expect(b"answer")


def lost_context(bench):
    """The network drops the context under a client, a listener, its caller and a service."""
    sink = socket.create_server(("127.0.0.1", 0))
    port, udp = free_port(), free_port(socket.SOCK_DGRAM)
    check(bench.open(0, "TCP LISTENER", port, 0) == 0 and bench.open(1, "UDP SERVICE", udp, 0) == 0, "not opened")
    bench.modem.ok(f'AT+QIOPEN=1,2,"TCP","127.0.0.1",{sink.getsockname()[1]}')
    bench.modem.expect(b"\r\n+QIOPEN: 2,0\r\n")
    client, _ = sink.accept()
    peer = caller(port)
    check(bench.incoming(0)[0] == 11, "not the highest id")
    bench.ctl("pdp", "drop", "1")
    bench.modem.expect(b"".join(b'\r\n+QIURC: "closed",%d\r\n' % i for i in (0, 1, 2, 11)) +
                       b'\r\n+QIURC: "pdpdeact",1\r\n')
    client.settimeout(DEADLINE)
    check(client.recv(1) == b"" and peer.recv(1) == b"", "the peers are not told")
    states = bench.modem.ok("AT+QISTATE")
    check(len(re.findall(r',4,1,\d+,0,"uart1"', states)) == 4, states)
    bench.modem.ok("AT+QICLOSE=0;+QICLOSE=1;+QICLOSE=2;+QICLOSE=11")
    bench.modem.ok("AT+QIDEACT=1")
    bench.modem.ok("AT+QIACT=1")
    check(bench.open(0, "TCP LISTENER", port, 0) == 0, "the port is not free again")


class Dnsmasq:
    """The real one, at port 53 of an address of loopback that nobody else uses: QIDNSCFG knows no ports."""

    ADDRESS = "127.53.0.2"
    DEAD = "127.53.0.1"

    def __init__(self, path):
        program = shutil.which("dnsmasq") or shutil.which("dnsmasq", path="/usr/sbin")
        check(program, "dnsmasq is not installed: scripts/install_packages")
        self.process = subprocess.Popen(
            [program, "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--bind-interfaces",
             f"--listen-address={self.ADDRESS}", "--user=", "--group=", f"--pid-file={path}/dnsmasq.pid",
             "--address=/echo.atls.test/127.0.0.1", "--local=/atls.test/", "--local-ttl=77"],
            stderr=subprocess.PIPE)
        until = time.monotonic() + DEADLINE
        while not self.answers():
            check(self.process.poll() is None, "dnsmasq ended")
            check(time.monotonic() < until, "dnsmasq does not answer")

    def answers(self):
        query = bytes.fromhex("123401000001000000000000") + b"\x04echo\x04atls\x04test\0\0\1\0\1"
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.settimeout(0.2)
            try:
                probe.sendto(query, (self.ADDRESS, 53))
                return probe.recv(512)[:2] == b"\x12\x34"
            except OSError:
                return False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stderr.close()


def own_name_servers(bench):
    """A primary that is silent and a secondary that knows the name: QIDNSGIP and QIOPEN come by it all the same."""
    dead = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        dead.bind((Dnsmasq.DEAD, 53))
    except PermissionError:
        print("      not root: port 53 cannot be had, so name servers of the module's own are NOT tested", flush=True)
        return
    with dead, Directory() as path, Dnsmasq(path):
        sink = socket.create_server(("127.0.0.1", 0))
        bench.modem.ok(f'AT+QIDNSCFG=1,"{Dnsmasq.DEAD}","{Dnsmasq.ADDRESS}"')
        bench.modem.ok('AT+QIDNSGIP=1,"echo.atls.test"')
        bench.modem.expect(b'\r\n+QIURC: "dnsgip",0,1,77\r\n\r\n+QIURC: "dnsgip","127.0.0.1"\r\n')
        dead.settimeout(DEADLINE)
        check(b"\x04echo\x04atls\x04test" in dead.recv(512), "the primary was not asked")
        bench.modem.ok(f'AT+QIOPEN=1,0,"TCP","echo.atls.test",{sink.getsockname()[1]}')
        bench.modem.expect(b"\r\n+QIOPEN: 0,0\r\n")
        bench.modem.ok('AT+QIOPEN=1,1,"TCP","none.atls.test",7')
        bench.modem.expect(b"\r\n+QIOPEN: 1,565\r\n")


def port_in_use(bench):
    taken = socket.create_server(("127.0.0.1", 0))
    check(bench.open(0, "TCP LISTENER", taken.getsockname()[1], 0) == 556, "a port in use was had")
    bench.modem.ok("AT+QICLOSE=0")
    check("EADDRINUSE" in bench.log(), "the log does not say why")


if __name__ == "__main__":
    main([(case.__name__, with_modem(case)) for case in
          (crowd, push, transparent, service_buffer, service_push, service_transparent, client_udp_transparent,
           lost_context, own_name_servers, port_in_use)])
