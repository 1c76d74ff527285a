#!/usr/bin/env python3
"""kill -9 at random moments: every file whose OK was seen is whole afterwards; any other is the old or the new one, or absent."""

import os
import random
import signal
import threading

from modem import FULL, Atls, Directory, Failure, check, main

ROUNDS = 200 if FULL else 20


def content(number):
    return random.Random(number).randbytes(random.Random(number).randint(1, 60000))


class Ledger:
    """What the host knows of each file: contents that may be there."""

    def __init__(self):
        self.possible = {}

    def begin(self, name, data):
        self.possible.setdefault(name, [None]).append(data)

    def done(self, name, data):
        self.possible[name] = [data]


def work(host, ledger, dice):
    """Uploads, rewrites and deletes until the modem dies."""
    while True:
        name = f"file{dice.randrange(6)}.bin"
        data = content(dice.randrange(1 << 30))
        if dice.random() < 0.25 and ledger.possible.get(name, [None]) != [None]:
            ledger.begin(name, None)
            host.command(f'AT+QFDEL="{name}"')
            ledger.done(name, None)
            continue
        ledger.begin(name, None)
        host.command(f'AT+QFDEL="{name}"')
        ledger.done(name, None)
        ledger.begin(name, data)
        if dice.random() < 0.5:
            host.send(f'AT+QFUPL="{name}",{len(data)},60')
            host.expect(b"CONNECT\r\n")
            host.write(data)
            host.expect(b"\r\nOK\r\n")
        else:
            ledger.begin(name, b"")
            handle = int(host.command(f'AT+QFOPEN="{name}",1').split("+QFOPEN: ")[1].split("\r")[0])
            host.send(f"AT+QFWRITE={handle},{len(data)},60")
            host.expect(b"CONNECT\r\n")
            host.write(data)
            host.expect(b"\r\nOK\r\n")
            ledger.done(name, data)
            host.command(f"AT+QFCLOSE={handle}")
        ledger.done(name, data)


def read_back(host, name):
    host.send(f'AT+QFDWL="{name}"')
    if host.match(rb"\r\n(CONNECT|\+CME ERROR: 405)\r\n").group(1) != b"CONNECT":
        return None
    listing = host.match(rb"^(.*)\r\n\+QFDWL: (\d+),[0-9a-f]+\r\n\r\nOK\r\n")
    data = listing.group(1)
    check(len(data) == int(listing.group(2)), f"{name}: QFDWL gave {len(data)} octets and counted {listing.group(2)}")
    return data


def one_round(storage, ledger, dice):
    atls = Atls({"uart1": "tcp:127.0.0.1:0"}, storage=storage)
    host = atls.host("uart1")
    host.ok("ATE0")
    for name, possible in list(ledger.possible.items()):
        found = read_back(host, name)
        check(found in possible, f"{name}: {None if found is None else len(found)} octets, none of the "
              f"{[None if p is None else len(p) for p in possible]} it may have")
        ledger.done(name, found)
    timer = threading.Timer(dice.uniform(0.01, 0.25), lambda: os.kill(atls.process.pid, signal.SIGKILL))
    timer.start()
    try:
        work(host, ledger, dice)
    except (Failure, OSError):
        pass
    timer.join()
    check(atls.process.wait() == -signal.SIGKILL, f"atls ended by itself: {atls.log()[-600:]}")
    atls.process.stdout.close()
    host.close()


def rounds():
    dice = random.Random(5)
    with Directory() as storage:
        ledger = Ledger()
        for _ in range(ROUNDS):
            one_round(storage, ledger, dice)
        check(any(p != [None] for p in ledger.possible.values()), "no file was ever written")


if __name__ == "__main__":
    main([(f"{ROUNDS} times kill -9", rounds)])
