"""A host for the tests: starts the real atls program and talks AT to it over its ports. Deadlines, never sleeps."""

import os
import pty
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import tty

DEADLINE = float(os.environ.get("ATLS_TEST_DEADLINE", "60"))
FULL = os.environ.get("ATLS_FULL", "") == "1"


def program_path():
    path = os.environ.get("ATLS_PROGRAM")
    if not path:
        sys.exit("ATLS_PROGRAM must name the atls program")
    return path


class Failure(Exception):
    pass


def check(holds, text):
    if not holds:
        raise Failure(text)


def printed(file):
    """All that a child has written to this file so far. Not by seeking: parent and child share one place in it."""
    return os.pread(file.fileno(), os.fstat(file.fileno()).st_size, 0).decode(errors="replace")


class Atls:
    """`atls run` as a child process. Ports by name."""

    def __init__(self, ports, *arguments, storage="memory", module="BG96", log_level="info"):
        self.log_file = tempfile.TemporaryFile()
        command = [program_path(), "run", "--module", module, "--storage", storage, "--log", log_level]
        for name, url in ports.items():
            command += ["--port", f"{name}={url}"]
        command += list(arguments)
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.log_file, stdin=subprocess.DEVNULL)
        self.urls = {}
        for raw in self.process.stdout:
            line = raw.decode().rstrip("\n")
            if line == "ready":
                return
            name, url = line.split(" ", 1)
            self.urls[name] = url
        self.process.wait()
        raise Failure(f"atls ended before it was ready: {self.log()}")

    def log(self):
        return printed(self.log_file)

    def host(self, name):
        return Host(self.urls[name])

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout=DEADLINE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise Failure("atls did not end on SIGTERM")
        finally:
            self.process.stdout.close()

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.stop()


class Host:
    """One AT port, seen from the host's side."""

    def __init__(self, url):
        kind, _, rest = url.partition(":")
        self.socket = None
        if kind == "tcp":
            address, _, port = rest.rpartition(":")
            self.socket = socket.create_connection((address.strip("[]"), int(port)))
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.fd = self.socket.fileno()
        elif kind == "pty":
            self.fd = os.open(rest, os.O_RDWR | os.O_NOCTTY)
            tty.setraw(self.fd)
        else:
            raise Failure(f"no host for {url}")
        os.set_blocking(self.fd, False)
        self.pending = b""

    def close(self):
        if self.socket:
            self.socket.close()
        else:
            os.close(self.fd)

    def write(self, data):
        view = memoryview(data)
        until = time.monotonic() + DEADLINE
        while view:
            # Reading meanwhile keeps a modem that echoes from filling its own way back.
            readable, writable, _ = select.select([self.fd], [self.fd], [], max(0, until - time.monotonic()))
            check(readable or writable, "the modem takes no octets")
            if readable:
                self.fill()
            if writable:
                view = view[os.write(self.fd, view[:65536]):]

    def fill(self):
        data = os.read(self.fd, 65536)
        check(data, "the modem closed the port")
        self.pending += data

    def wait_for(self, condition, what, deadline=None):
        until = time.monotonic() + (deadline or DEADLINE)
        while not condition():
            left = until - time.monotonic()
            check(left > 0 and select.select([self.fd], [], [], left)[0], f"no {what}; got {self.pending[-600:]!r}")
            self.fill()

    def read(self, count):
        self.wait_for(lambda: len(self.pending) >= count, f"{count} octets")
        data, self.pending = self.pending[:count], self.pending[count:]
        return data

    def expect(self, data, deadline=None):
        """Everything up to and including `data`."""
        self.wait_for(lambda: data in self.pending, repr(data), deadline)
        end = self.pending.index(data) + len(data)
        text, self.pending = self.pending[:end], self.pending[end:]
        return text

    def match(self, pattern, deadline=None):
        regex = re.compile(pattern, re.S)
        found = []

        def matched():
            found[:] = [regex.search(self.pending)]
            return found[0] is not None

        self.wait_for(matched, pattern.decode(), deadline)
        self.pending = self.pending[found[0].end():]
        return found[0]

    def send(self, line):
        self.write(line.encode() + b"\r")

    def command(self, line, deadline=None):
        """The answer's text with its final result."""
        self.send(line)
        return self.match(rb"^(.*?)\r\n(OK|ERROR|NO CARRIER|CONNECT|\+CME ERROR: [^\r]*)\r\n", deadline).group(0).decode(
            errors="replace")

    def ok(self, line, deadline=None):
        answer = self.command(line, deadline)
        check(answer.endswith("\r\nOK\r\n"), f"{line}: {answer!r}")
        return answer

    def upload(self, name, content):
        self.command(f'AT+QFDEL="{name}"')
        self.send(f'AT+QFUPL="{name}",{len(content)},60')
        self.expect(b"CONNECT\r\n")
        self.write(content)
        self.expect(b"\r\nOK\r\n")

    def prepare(self):
        self.ok("ATE0")
        self.ok("AT+QICSGP=1,1,\"internet\"")
        self.ok("AT+QIACT=1")

    def open_ssl(self, socket_id, address, port, context=1, mode=0, deadline=None):
        """The result code of +QSSLOPEN."""
        self.ok(f'AT+QSSLOPEN=1,{context},{socket_id},"{address}",{port},{mode}')
        return int(self.match(rb"\r\n\+QSSLOPEN: %d,(\d+)\r\n" % socket_id, deadline).group(1))

    def send_ssl(self, socket_id, data):
        self.send(f"AT+QSSLSEND={socket_id},{len(data)}")
        if self.match(rb"(\r\n> |\r\nERROR\r\n)").group(1) != b"\r\n> ":
            return "ERROR"
        self.write(data)
        return self.match(rb"\r\n(SEND OK|SEND FAIL|ERROR)\r\n").group(1).decode()

    def read_ssl(self, socket_id, most=1500):
        self.send(f"AT+QSSLRECV={socket_id},{most}")
        found = self.match(rb"\r\n(?:\+QSSLRECV: (\d+)\r\n|(ERROR)\r\n)")
        check(found.group(1) is not None, "QSSLRECV answered ERROR")
        count = int(found.group(1))
        data = self.read(count)
        self.expect(b"\r\nOK\r\n")
        return data

    def receive_ssl(self, socket_id, enough):
        """Reads on `recv` URCs until enough(data)."""
        data = b""
        while not enough(data):
            piece = self.read_ssl(socket_id)
            data += piece
            if not piece:
                self.expect(b'+QSSLURC: "recv",%d\r\n' % socket_id)
        return data


def resident(process):
    """The most memory it had so far, octets."""
    with open(f"/proc/{process.pid}/status") as file:
        return int(re.search(r"VmHWM:\s+(\d+) kB", file.read()).group(1)) * 1024


def free_port(kind=socket.SOCK_STREAM):
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Directory:
    """A temporary directory that goes away."""

    def __enter__(self):
        self.path = tempfile.mkdtemp(prefix="atls-")
        return self.path

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)


def main(cases):
    """Runs each (name, function); prints one line each; the exit status counts failures."""
    failed = 0
    wanted = sys.argv[1:]
    for name, case in cases:
        if wanted and name not in wanted:
            continue
        try:
            case()
            print(f"ok    {name}", flush=True)
        except Failure as failure:
            failed += 1
            print(f"FAILED {name}: {str(failure)[:2000]}", flush=True)
    print(f"{len(cases) - failed} passed, {failed} failed", flush=True)
    sys.exit(1 if failed else 0)
