"""What `atls modules` and `atls suites MODULE` say, and which servers' certificates the suites need."""

import re
import subprocess
from typing import NamedTuple

from modem import check, program_path

VERSIONS = ["SSL 3.0", "TLS 1.0", "TLS 1.1", "TLS 1.2", "DTLS 1.0", "DTLS 1.2"]

# A key exchange needs a kind of certificate (pki.py makes them): static ECDH one whose signature is of the named algorithm.
CERTIFICATES = {"RSA": "rsa", "ECDHE_RSA": "rsa", "ECDHE_ECDSA": "ecdsa", "ECDH_ECDSA": "ecdsa", "ECDH_RSA": "ecdh-rsa",
                "PSK": "rsa"}


class Suite(NamedTuple):
    number: str  # four digits, as AT commands have it behind 0X
    name: str  # the IANA registry's
    exchange: str
    cipher: str
    mac: str  # "AEAD" where the cipher brings its own
    versions: tuple
    named: bool  # a host can ask for it by number; the others are offered when there is a PSK

    @property
    def certificate(self):
        return CERTIFICATES[self.exchange]


class Pair(NamedTuple):
    suite: Suite
    version: str

    @property
    def datagram(self):
        return self.version.startswith("DTLS")

    def __str__(self):
        return f"{self.suite.number} {self.suite.name} in {self.version}"


def suite_of(number, name, versions, named):
    exchange, cipher, mac = re.fullmatch(r"TLS_(\w+)_WITH_(\w+?)(?:_(MD5|SHA|SHA256|SHA384))?", name).groups()
    if "GCM" in cipher or mac is None:
        mac = "AEAD"
    return Suite(number, name, exchange, cipher, mac, tuple(versions.split(", ")), named)


def listing(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


def modules():
    return [line.split()[0] for line in listing(program_path(), "modules")]


def suites_in(*command):
    """Suites behind a line that is none come with a PSK only."""
    found, named = [], True
    for line in listing(*command):
        row = re.fullmatch(r"0X([0-9A-F]{4}) +(TLS_\w+) +(.*\S) *", line)
        if row:
            found.append(suite_of(*row.groups(), named))
        else:
            check("PSK" in line, f"{command}: {line!r}")
            named = False
    return found


def suites_of(module):
    return suites_in(program_path(), "suites", module)
