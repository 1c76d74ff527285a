"""TLS servers as child processes; libraries.py has those of the interoperability matrix."""

import os
import re
import socket
import subprocess
import threading
import time

from modem import DEADLINE, Failure, check, free_port

PSK_IDENTITY = "Client_identity"
PSK_HEX = "1a2b3c4d5e6f708192a3b4c5d6e7f809"


class Server:
    """A child process that listens; everything it prints is kept."""

    def __init__(self, command, port, ready=None):
        self.port = port
        self.output = b""
        self.changed = threading.Condition()
        settings = dict(os.environ, OPENSSL_CONF="/dev/null", GNUTLS_SYSTEM_PRIORITY_FILE="/dev/null")
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                        env=settings)
        self.reader = threading.Thread(target=self.collect, daemon=True)
        self.reader.start()
        if ready:
            self.wait_for(ready)
        else:
            self.wait_until_listening()

    def collect(self):
        while True:
            data = os.read(self.process.stdout.fileno(), 65536)
            with self.changed:
                self.output += data
                self.changed.notify_all()
                if not data:
                    return

    def wait_for(self, text, start=0):
        """The position behind `text` in the output."""
        until = time.monotonic() + DEADLINE
        with self.changed:
            while text not in self.output[start:]:
                left = until - time.monotonic()
                if left <= 0 or self.process.poll() is not None and not self.changed.wait(1):
                    raise Failure(f"the server did not print {text!r}: {self.output[-600:]!r}")
                self.changed.wait(left)
            return self.output.index(text, start) + len(text)

    def wait_until_listening(self):
        until = time.monotonic() + DEADLINE
        wanted = ":%04X" % self.port
        while True:
            with open("/proc/net/tcp") as four, open("/proc/net/tcp6") as six:
                for line in [*four, *six]:
                    words = line.split()
                    if words[1].endswith(wanted) and words[3] == "0A":
                        return
            check(self.process.poll() is None, f"the server ended: {self.output!r}")
            check(time.monotonic() < until, "the server does not listen")
            threading.Event().wait(0.005)

    def send(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.reader.join()
        self.process.stdin.close()
        self.process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def openssl_server(pki, *options, certificate="server", datagram=False, chain=None, psk=False):
    port = free_port(socket.SOCK_DGRAM if datagram else socket.SOCK_STREAM)
    command = ["openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-cipher", "ALL:eNULL:@SECLEVEL=0", "-legacy_renegotiation"]
    if psk:
        command += ["-psk_identity", PSK_IDENTITY, "-psk", PSK_HEX, "-nocert"]
    else:
        command += ["-cert", pki.file(certificate + ".pem"), "-key", pki.file(certificate + ".key")]
    if chain:
        command += ["-cert_chain", chain]
    if datagram and not any(option.startswith("-dtls") for option in options):
        command += ["-dtls"]
    return Server([*command, *options], port, ready=b"ACCEPT")


def version_of(program, *arguments):
    done = subprocess.run([program, *arguments], capture_output=True, check=False)
    found = re.search(rb"\d+(\.\d+)+", done.stdout + done.stderr)
    return found.group(0).decode() if found else "?"
