#!/usr/bin/env python3
"""TLS peers with OpenSSL beneath, as child processes: they print their port, serve, and end with their parent's pipe.

echo        sends back what comes
duplex N S  sends N pseudo-random octets of seed S while hashing what comes; after N octets received prints the hash
stall       reads nothing until a line comes on its standard input, then echoes everything
close       sends "bye" and closes
"""

import hashlib
import os
import random
import socket
import ssl
import subprocess
import sys
import threading

BLOCK = 1 << 20


def blocks(count, seed):
    source = random.Random(seed)
    while count > 0:
        size = min(BLOCK, count)
        yield source.randbytes(size)
        count -= size


class Peer:
    """The parent's side."""

    def __init__(self, pki, *arguments, certificate="server"):
        command = [sys.executable, os.path.abspath(__file__), pki.file(certificate + ".pem"), pki.file(certificate + ".key")]
        self.process = subprocess.Popen([*command, *map(str, arguments)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.port = int(self.line())

    def line(self):
        return self.process.stdout.readline().decode().strip()

    def tell(self, text):
        self.process.stdin.write(text.encode() + b"\n")
        self.process.stdin.flush()

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def echo(connection):
    while data := connection.recv(65536):
        connection.sendall(data)


def duplex(connection, count, seed):
    digest = hashlib.sha256()

    def receive():
        left = count
        while left > 0:
            data = connection.recv(min(65536, left))
            if not data:
                break
            digest.update(data)
            left -= len(data)

    receiver = threading.Thread(target=receive)
    receiver.start()
    for block in blocks(count, seed):
        connection.sendall(block)
    receiver.join()
    print(digest.hexdigest(), flush=True)
    connection.recv(1)


def stall(connection):
    sys.stdin.readline()
    echo(connection)


def serve(listener, context, kind, numbers):
    def one(plain):
        try:
            with context.wrap_socket(plain, server_side=True) as connection:
                if kind == "echo":
                    echo(connection)
                elif kind == "duplex":
                    duplex(connection, *numbers)
                elif kind == "stall":
                    stall(connection)
                elif kind == "close":
                    connection.sendall(b"bye")
                    connection.unwrap()
        except OSError:
            pass  # the modem went

    while True:
        plain, _ = listener.accept()
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=one, args=(plain,), daemon=True).start()


def main():
    certificate, key, kind, *numbers = sys.argv[1:]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.load_cert_chain(certificate, key)
    listener = socket.socket()
    if kind == "stall":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    listener.bind(("127.0.0.1", 0))
    listener.listen(64)
    print(listener.getsockname()[1], flush=True)
    threading.Thread(target=serve, args=(listener, context, kind, [int(n) for n in numbers]), daemon=True).start()
    if kind == "stall":
        threading.Event().wait()
    sys.stdin.read()  # until the parent goes


if __name__ == "__main__":
    main()
