#!/usr/bin/env python3
"""A host driver in a few lines: opens the serial port it is given, asks the module who it is, and shows its answers."""

import os
import select
import sys
import tty


def command(port, text, seconds=5):
    """Sends one AT command; returns its lines up to the final result."""
    os.write(port, text.encode() + b"\r")
    got = b""
    while not any(got.endswith(final) for final in (b"\r\nOK\r\n", b"\r\nERROR\r\n")):
        if not select.select([port], [], [], seconds)[0]:
            raise TimeoutError(f"{text}: no answer, got {got!r}")
        got += os.read(port, 4096)
    return [line for line in got.decode(errors="replace").splitlines() if line]


def main():
    path = sys.argv[1] if len(sys.argv) > 1 else "/tmp/atls-uart1"
    try:
        port = os.open(path, os.O_RDWR | os.O_NOCTTY)
    except OSError as error:
        sys.exit(f"usage: host.py PORT; {path}: {error.strerror}")
    tty.setraw(port)
    for text in ("ATE0", "ATI", "AT+CSQ", "AT+QIACT=1", "AT+QIACT?"):
        print(text, "→", command(port, text))


if __name__ == "__main__":
    main()
