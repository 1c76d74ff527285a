#!/usr/bin/env python3
"""Certificates and keys of the GSM modules: durable, encrypted at rest, and never shown."""

import base64
import os
import random
import re
import subprocess

from modem import Atls, Directory, check, main, program_path
from pki import Pki
from servers import openssl_server

MODULE = "M95"


def checksum(data):
    """Of QSECWRITE, written from its description: pairs of octets, the first the higher, all joined by exclusive or."""
    total = 0
    for at in range(0, len(data), 2):
        total ^= data[at] << 8 | (data[at + 1] if at + 1 < len(data) else 0)
    return f"{total:x}"


class Bench:
    def __init__(self, path):
        self.pki = Pki(path)
        self.pki.issue("server", "echo.test", names=["DNS:echo.test", "IP:127.0.0.1"])
        self.pki.issue("client", "modem")
        self.storage = os.path.join(path, "storage")
        self.key = os.path.join(path, "keys", "nvram.key")
        self.control = os.path.join(path, "control")
        self.keylog = os.path.join(path, "keylog")

    def modem(self, *arguments, key=None):
        return Atls({"uart1": "tcp:127.0.0.1:0"}, "--nvram-key", key or "file:" + self.key, "--control", "unix:" + self.control,
                    "--keylog", self.keylog, *arguments, module=MODULE, storage=self.storage, log_level="trace")

    def secrets(self):
        return {"CA0": self.pki.content("root.pem"), "CC0": self.pki.content("client.pem"),
                "CK0": self.pki.content("client.key")}

    def nvram_file(self, name):
        """The file on the disk that holds it, by its content's change."""
        folder = os.path.join(self.storage, "nvram")
        found = [os.path.join(folder, entry) for entry in os.listdir(folder) if name in entry]
        check(len(found) == 1, f"{name}: {os.listdir(folder)}")
        return found[0]


def write_secret(host, name, content):
    host.send(f'AT+QSECWRITE="{name}",{len(content)},100')
    host.expect(b"CONNECT\r\n")
    host.write(content)
    found = host.match(rb"^\r\n\+QSECWRITE: (\d+),([0-9a-f]+)\r\n\r\nOK\r\n")
    check(int(found.group(1)) == len(content), f"{name}: {found.group(0)!r}")
    check(found.group(2).decode() == checksum(content), f"{name}: {found.group(0)!r}, not {checksum(content)}")


def check_secret(host, name):
    """`good` and the checksum."""
    answer = host.ok(f'AT+QSECREAD="{name}"')
    good, total = re.search(r"\+QSECREAD: (\d),([0-9a-f]+)\r\n", answer).groups()
    return good == "1", total


def activate(host):
    host.ok("AT+QIREGAPP")
    host.ok("AT+QIACT")
    host.ok("AT+QIMUX=1")
    for command in ('"cacert",0,"NVRAM:CA0"', '"clientcert",0,"NVRAM:CC0"', '"clientkey",0,"NVRAM:CK0"', '"seclevel",0,2'):
        host.ok("AT+QSSLCFG=" + command)


def open_result(host, port):
    host.ok(f'AT+QSSLOPEN=1,0,"127.0.0.1",{port},0')
    return int(host.match(rb"\r\n\+QSSLOPEN: 1,(-?\d+)\r\n").group(1))


def forms_of(line):
    """A line of a PEM as it might be shown: a part of it as it is, in hexadecimal, in base64, and what its base64 stands for."""
    part = line[8:40]
    forms = [part, part.hex().encode(), part.hex().upper().encode()]
    for shift in range(3):
        forms.append(base64.b64encode(line[8 + shift:32 + shift]))
    if b"-" not in line:
        octets = base64.b64decode(line)[:24]
        forms += [octets, octets.hex().encode(), octets.hex().upper().encode()]
    return [form for form in forms if len(form) > 8]


def survives_and_works(bench):
    with bench.modem() as modem:
        host = modem.host("uart1")
        host.ok("ATE0")
        for name, content in bench.secrets().items():
            write_secret(host, "NVRAM:" + name, content)
        write_secret(host, "RAM:gone.pem", b"not kept")
        shown = modem.log()
        modem.kill()
    ask = ("-Verify", "2", "-CAfile", bench.pki.file("root.pem"), "-verify_return_error")
    with openssl_server(bench.pki, *ask) as server, bench.modem() as modem:
        host = modem.host("uart1")
        host.ok("ATE0")
        for name, content in bench.secrets().items():
            check(check_secret(host, "NVRAM:" + name) == (True, checksum(content)), f"{name} is not what was written")
        check("+CME ERROR: 22" in host.command('AT+QSECREAD="RAM:gone.pem"'), "RAM survived")
        activate(host)
        check(open_result(host, server.port) == 0, modem.log()[-800:])
        host.send("AT+QSSLSEND=1,5")
        host.expect(b"> ")
        host.write(b"hello")
        host.expect(b"SEND OK\r\n")
        server.wait_for(b"hello")
        shown += modem.log()
        for verb in (["status"], ["socket", "list"], ["help"]):
            done = subprocess.run([program_path(), "ctl", "--modem", "unix:" + bench.control, *verb], capture_output=True, text=True,
                                  check=False)
            shown += done.stdout + done.stderr
    everything = shown.encode()
    for folder, _, files in os.walk(bench.storage):
        for file in files:
            with open(os.path.join(folder, file), "rb") as content:
                everything += content.read()
    with open(bench.keylog, "rb") as content:
        everything += content.read()
    for line in bench.pki.content("client.key").splitlines():
        for form in forms_of(line):
            check(form not in everything, f"a line of the key is to be seen: {line!r} as {form!r}")


def damage_is_seen(bench):
    with bench.modem() as modem:
        host = modem.host("uart1")
        host.ok("ATE0")
        if "+QSECREAD" not in host.command('AT+QSECREAD="NVRAM:CK0"'):
            write_secret(host, "NVRAM:CK0", bench.pki.content("client.key"))
    path = bench.nvram_file("CK0")
    with open(path, "r+b") as file:
        data = bytearray(file.read())
        data[len(data) // 2] ^= 1
        file.seek(0)
        file.write(data)
    with bench.modem() as modem:
        host = modem.host("uart1")
        host.ok("ATE0")
        check(not check_secret(host, "NVRAM:CK0")[0], "the damage is not seen")
        check("+CME ERROR: 3769" in host.command('AT+QSECWRITE="NVRAM:CK0",5'), "a damaged one is overwritten")
        host.ok('AT+QSECDEL="NVRAM:CK0"')
        write_secret(host, "NVRAM:CK0", bench.pki.content("client.key"))


def foreign_key_is_refused(bench):
    bench.modem().stop()
    for place, words in (("file:" + bench.key + ".other", "another key"), ("env:ATLS_NO_SUCH", "no such variable"),
                         ("credential:none", "systemd gave no credentials")):
        done = subprocess.run([program_path(), "run", "--module", MODULE, "--storage", bench.storage, "--port", "uart1=tcp:127.0.0.1:0",
                               "--nvram-key", place], capture_output=True, text=True, check=False,
                              env={key: value for key, value in os.environ.items() if key != "CREDENTIALS_DIRECTORY"})
        check(done.returncode == 2, f"{place}: exit status {done.returncode}")
        check(done.stderr.count("\n") == 1 and "--nvram-key" in done.stderr and words in done.stderr, f"{place}: {done.stderr!r}")


def key_from_a_credential(bench):
    """As systemd hands it to a service with a user of its own: an access list, which looks like a right of the group."""
    folder = os.path.join(bench.pki.path, "credentials")
    os.makedirs(folder)
    with open(os.path.join(folder, "nvram"), "wb") as file:
        file.write(os.urandom(32))
    os.chmod(os.path.join(folder, "nvram"), 0o440)
    os.environ["CREDENTIALS_DIRECTORY"] = folder
    try:
        for wanted in ("OK", "+CME ERROR: 3769"):
            with Atls({"uart1": "tcp:127.0.0.1:0"}, "--nvram-key", "credential:nvram", module=MODULE,
                      storage=bench.storage + ".of_a_service") as modem:
                host = modem.host("uart1")
                host.ok("ATE0")
                if wanted == "OK":
                    write_secret(host, "NVRAM:CA0", b"a certificate")
                else:
                    check(wanted in host.command('AT+QSECWRITE="NVRAM:CA0",5'), "it is gone")
                    check(check_secret(host, "NVRAM:CA0")[0], "it is not what was written")
    finally:
        del os.environ["CREDENTIALS_DIRECTORY"]


def published_checksum(bench):
    """A root certificate that everybody has, and what real modules said of it: 1188 octets, 2d13."""
    del bench
    with open("/usr/share/ca-certificates/mozilla/Amazon_Root_CA_1.crt", "rb") as file:
        pem = file.read()
    check(len(pem) == 1188 and checksum(pem) == "2d13", f"not the published one: {len(pem)} octets, {checksum(pem)}")
    with Atls({"uart1": "tcp:127.0.0.1:0"}, module=MODULE) as modem:
        host = modem.host("uart1")
        host.ok("ATE0")
        host.send('AT+QSECWRITE="RAM:cacert.pem",1188,100')
        host.expect(b"CONNECT\r\n")
        host.write(pem)
        host.expect(b"\r\n+QSECWRITE: 1188,2d13\r\n\r\nOK\r\n")
        check("+QSECREAD: 1,2d13" in host.ok('AT+QSECREAD="RAM:cacert.pem"'), "QSECREAD says something else")


def checksum_of_a_long_pem(bench):
    """1188 octets, as a root certificate that many modules carry has: its length, not its content."""
    body = "\n".join(re.findall(".{1,64}", "".join(random.Random(1188).choices(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", k=1116))))
    pem = f"-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n".encode()
    pem = pem[:-1 - (len(pem) - 1188)] + b"\n" if len(pem) > 1188 else pem.ljust(1188, b"\n")
    check(len(pem) == 1188, str(len(pem)))
    with Atls({"uart1": "tcp:127.0.0.1:0"}, module=MODULE) as modem:
        host = modem.host("uart1")
        host.ok("ATE0")
        for name in ("RAM:ca.pem", "NVRAM:CA0"):
            write_secret(host, name, pem)
            check(check_secret(host, name) == (True, checksum(pem)), name)
    del bench


def run():
    with Directory() as path:
        bench = Bench(path)
        main([(case.__name__, lambda case=case: case(bench))
              for case in (survives_and_works, damage_is_seen, foreign_key_is_refused, key_from_a_credential,
                           published_checksum, checksum_of_a_long_pem)])


if __name__ == "__main__":
    run()
