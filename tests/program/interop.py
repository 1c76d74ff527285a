#!/usr/bin/env python3
"""Every suite of every module in every version it is defined for, over AT, against servers of other libraries.

Each letter of the printed tables is a server that made a handshake of that pair with its certificate verified, exchanged data
both ways, and saw the close. Pairs that no module can be told to use are the engine's alone. Without ATLS_FULL=1 the slow servers
are left out, and the pairs that only they can do.
"""

import sys
from itertools import groupby

from hosts import HOSTS, KIN, Engine
from libraries import IN_USE, LIBRARIES
from modem import Directory, Failure, check
from pki import Pki
from suites import VERSIONS, Pair, modules

PASSED, FAILED = "passed", "failed"


def make_pki(path):
    pki = Pki(path)
    pki.authority("ec-root", kind="ec")
    names = ["DNS:echo.test", "IP:127.0.0.1"]
    pki.issue("rsa", "echo.test", names=names)
    pki.issue("ecdsa", "echo.test", issuer="ec-root", kind="ec", names=names)
    pki.issue("ecdh-rsa", "echo.test", kind="ec", names=names)
    pki.chain("ca.pem", "root.pem", "ec-root.pem")
    return pki


def attempt(host, library, server, pair):
    seen = len(server.output)
    host.open(pair, server.port)
    library.talk(host, server)
    check(f"open: {pair.version}, {pair.suite.name}," in host.log(), "the log names another suite or version")
    host.close()
    library.ended(server, seen)


def run_group(pki, host, library, pairs, table):
    """One server for all, where that is possible."""
    server = None
    try:
        for pair in pairs:
            only = pair if host.steered(pair) else None
            if server and (only or pair.datagram and not library.many_datagrams):
                server.stop()
                server = None
            server = server or library.start(pki, pairs, only)
            try:
                attempt(host, library, server, pair)
                table[pair, library] = PASSED
            except Failure as failure:
                table[pair, library] = FAILED
                print(f"FAILED {library.name}, {pair}: {failure}\n{host.log()[-600:]}\n"
                      f"{server.output[-600:].decode(errors='replace')}", flush=True)
                host.restart()
                server.stop()
                server = None
    finally:
        if server:
            server.stop()


def run_library(pki, host, library, pairs, table):
    def group(pair):
        return *library.group(pair), host.steered(pair)

    for _, members in groupby(sorted(filter(library.speaks, pairs), key=group), key=group):
        run_group(pki, host, library, list(members), table)


def results(pair, table):
    return [table.get((pair, library)) for library in IN_USE]


def left_to_full(pair):
    return not any(library.speaks(pair) for library in IN_USE) and any(library.speaks(pair) for library in LIBRARIES)


def cell(pair, table):
    if left_to_full(pair):
        return "--full"
    return "".join({PASSED: library.letter, FAILED: "!", None: "-"}[result]
                   for library, result in zip(IN_USE, results(pair, table)))


def show(module, pairs, table):
    print(f"\n{module:45}" + "".join(f"{version:10}" for version in VERSIONS))
    for suite in dict.fromkeys(pair.suite for pair in pairs):
        row = [Pair(suite, version) for version in VERSIONS]
        cells = [cell(pair, table) if pair in pairs else "" for pair in row]
        print(f"{suite.number} {suite.name:40}" + "".join(f"{text:10}" for text in cells).rstrip())


def summary(pairs, table):
    """Prints it; the number of pairs that are not what they should be."""
    later = [pair for pair in pairs if left_to_full(pair)]
    orphans = [pair for pair in pairs if not any(library.speaks(pair) for library in LIBRARIES)]
    failed = [pair for pair in pairs if FAILED in results(pair, table)]
    passed = [pair for pair in pairs if PASSED in results(pair, table) and pair not in failed]
    for pair in orphans:
        print(f"no server for {pair}")
    single = sum(results(pair, table).count(PASSED) == 1 for pair in passed)
    print(f"{len(pairs)} pairs, {list(table.values()).count(PASSED)} connections: {len(passed)} passed ({single} with one server), "
          f"{len(failed)} failed, {len(orphans)} without a server, {len(later)} left to --full")
    return len(pairs) - len(passed) - len(later)


def pairs_of(host):
    """Without doubles: a suite that a module has by number and with a PSK counts by number."""
    pairs = {}
    for suite in host.suites():
        for version in suite.versions:
            pair = Pair(suite, version)
            if host.can(pair):
                pairs.setdefault((suite.number, version), pair)
    return pairs


def run_host(pki, host, pairs):
    """The number of pairs that are not what they should be."""
    table = {}
    for library in IN_USE:
        run_library(pki, host, library, pairs, table)
    show(host.name, pairs, table)
    return summary(pairs, table)


def run(pki, wanted):
    engine = Engine(pki)
    every_pair = pairs_of(engine)
    bad = 0
    done = set()
    for module in wanted:
        host = HOSTS[module](module, pki)
        try:
            pairs = pairs_of(host)
            check(pairs, f"{module} has no suites")
            bad += run_host(pki, host, list(pairs.values()))
            done |= set(pairs)
        finally:
            host.stop()
    try:
        bad += run_host(pki, engine, [pair for key, pair in every_pair.items() if key not in done])
    finally:
        engine.stop()
    print(f"all: {len(every_pair)} pairs of suite and version, {len(done)} of them over AT")
    return bad


def main():
    built = modules()
    wanted = sys.argv[1:] or [module for module in HOSTS if module in built]
    strangers = [module for module in built if module not in HOSTS and module not in KIN]
    for module in strangers:
        print(f"{module}: hosts.py has no host for it")
    print("servers: " + ", ".join(f"{library.letter} {library.name} {library.version()}" for library in IN_USE))
    with Directory() as path:
        bad = run(make_pki(path), wanted)
    sys.exit(1 if bad or strangers else 0)


if __name__ == "__main__":
    main()
