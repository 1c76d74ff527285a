#!/usr/bin/env python3
"""Turns transcripts into inputs of session_fuzz.

usage: make_corpus.py TRANSCRIPTS CORPUS [MODULE...]

Expectations are dropped, servers and names are mapped to those that session_play.cpp has. MODULE: the modules as
dialects::all() lists them, for the first octet.
"""
import pathlib
import re
import sys

LINE, OCTETS, TIME, PEER_SENDS, PEER_ACTS, HOST_ACTS, WORLD_ACTS, PORT = range(8)
PAUSES = [1, 1000, 20000, 500000, 999000, 10**6, 2 * 10**6, 5 * 10**6, 10**7, 6 * 10**7, 15 * 10**7, 3 * 10**8]
UNITS = {"us": 1, "ms": 1000, "s": 10**6, "m": 60 * 10**6, "h": 3600 * 10**6, "d": 86400 * 10**6}
PORTS = ["uart1", "usbat", "usbmodem"]
PEER = {"close": 0, "fin": 1, "reset": 2, "pause": 3, "resume": 4, "notify": 5}
WORLD = {"pdp drop": 0, "network lost": 1, "network home": 2, "sim out": 3, "sim in": 4, "power": 5, "socket reset": 6,
         "clock": 7}
CALL = {"tcp": 8, "udp": 9}
PLACES = {"tls": ("echo.example", 443), "dtls": ("echo.example", 4433), "tcp": ("echo.example", 7),
          "udp": ("echo.example", 7)}


def unescape(text):
    plain = {"r": "\r", "n": "\n", "t": "\t"}
    return re.sub(r"\\(x[0-9A-Fa-f]{2}|.)",
                  lambda m: chr(int(m[1][1:], 16)) if len(m[1]) == 3 else plain.get(m[1], m[1]), text).encode("latin-1")


def with_payload(operation, octets):
    octets = octets[:255]
    return bytes([operation, len(octets)]) + octets


def place_of(kind, behaviour, options):
    if behaviour == "silent":
        return ("silent.example", 443)
    if behaviour == "refuse":
        return ("refuse.example", 443)
    if any(option.startswith("psk=") for option in options):
        return ("psk.example", 4433)
    if "clientcert=yes" in options:
        return ("strict.example", 443)
    return PLACES[kind]


def verb(text, places):
    words = text.split()
    if words[0] == "server":
        host, port = words[2].rsplit(":", 1)
        places[(host, port)] = place_of(words[1], words[3], words[4:])
    elif words[0] == "port":
        return bytes([PORT, PORTS.index(words[1])]) if words[1] in PORTS else b""
    elif words[0] == "dtr":
        return bytes([HOST_ACTS, 2 if words[1] == "off" else 3])
    elif words[0] == "hangup":
        return bytes([HOST_ACTS, 4])
    elif words[0] == "host":
        return bytes([HOST_ACTS, 0 if words[1] == "stalls" else 1])
    elif words[0] == "call":
        return bytes([WORLD_ACTS, CALL[words[1]]])
    elif words[0] == "peer" and words[2] in PEER:
        return bytes([PEER_ACTS, PEER[words[2]]])
    elif words[0] == "peer" and words[2] == "send":
        return with_payload(PEER_SENDS, unescape(text.split('"', 1)[1].rsplit('"', 1)[0]))
    for name, number in WORLD.items():
        if text.startswith(name):
            return bytes([WORLD_ACTS, number])
    return b""


def converted(text, module):
    out = bytes([module])
    places = {}
    for step in text.splitlines()[1:]:
        mark, _, rest = step.partition(" ")
        if mark == ">":
            for (host, port), (new_host, new_port) in places.items():
                rest = re.sub(rf'"{re.escape(host)}", *{port}\b', f'"{new_host}",{new_port}', rest)
            out += with_payload(LINE, unescape(rest))
        elif mark == ">>":
            out += with_payload(OCTETS, unescape(rest))
        elif mark == "@":
            number, unit = re.fullmatch(r"\+(\d+)(\w+)", rest.strip()).groups()
            wanted = int(number) * UNITS[unit]
            out += bytes([TIME, min(range(len(PAUSES)), key=lambda i: abs(PAUSES[i] - wanted))])
        elif mark == "!":
            out += verb(rest, places)
    return out


def main():
    transcripts, corpus = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    modules = [name.lower() for name in sys.argv[3:]] or ["bg96"]
    corpus.mkdir(parents=True, exist_ok=True)
    for path in sorted(transcripts.rglob("*.txt")):
        text = path.read_text()
        used = re.search(r"use +(\S+)", text.splitlines()[0])
        if used is None:
            continue
        # A family's first module stands for it.
        meant = [i for i, name in enumerate(modules) if name.startswith(used[1].lower())]
        module = meant[0] if meant else 0
        octets = converted(text, module)
        if len(octets) < 8192:
            name = "_".join(path.relative_to(transcripts).with_suffix("").parts)
            (corpus / name).write_bytes(octets)


main()
