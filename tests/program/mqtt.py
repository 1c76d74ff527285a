#!/usr/bin/env python3
"""MQTT and MQTTS of the LTE modules against mosquitto, with Debian's clients beside the modem."""

import hashlib
import hmac

from bench import MUTUAL, STRANGER, TRUSTING, Bench, LteModem
from broker import Mosquitto, Subscriber
from modem import FULL, Directory, check, main
from relay import Relay

# With each version of the protocol.
MESSAGES = 10_000 if FULL else 300
CUTS = 50 if FULL else 6
WAITING = 2_000 if FULL else 100
PLAIN = None


class Modem(LteModem):
    """One MQTT client of it, and what was told about that."""

    def __init__(self, bench, module="BG96"):
        super().__init__(bench, module)
        self.answered = []
        self.received = []
        self.is_cut = False

    def until(self, pattern, deadline=None):
        """The match; what is told up to its end is taken in."""
        found = self.at.match(pattern, deadline)
        text = found.string[:found.end()]
        for line in text.split(b"\r\n"):
            if line.startswith(b"+QMTPUB: "):
                self.answered.append(tuple(map(int, line[9:].split(b","))))
            elif line.startswith(b"+QMTRECV: ") and line.count(b",") >= 3:
                self.received.append(line.split(b",", 3)[3].strip(b'"').decode())
            elif line.startswith(b"+QMTSTAT: "):
                self.is_cut = True
        return found

    def ok(self, command):
        self.at.send(command)
        check(self.until(rb"\r\n(OK|ERROR)\r\n").group(1) == b"OK", f"{command}: ERROR")

    def open(self, port, way=PLAIN):
        """The result of +QMTOPEN."""
        self.ok('AT+QMTCFG="ssl",0,0' if way is PLAIN else f'AT+QMTCFG="ssl",0,1,{way}')
        self.ok(f'AT+QMTOPEN=0,"127.0.0.1",{port}')
        return int(self.until(rb"\r\n\+QMTOPEN: 0,(-?\d+)\r\n").group(1))

    def connect(self):
        """The numbers of +QMTCONN; none if the link has gone before."""
        self.at.send('AT+QMTCONN=0,"modem"')
        if self.until(rb"\r\n(OK|ERROR)\r\n").group(1) != b"OK":
            return ()
        return tuple(map(int, self.until(rb"\r\n\+QMTCONN: 0,([\d,]+)\r\n").group(1).split(b",")))

    def up(self, port, way=PLAIN):
        result = self.open(port, way)
        check(result == 0, f"+QMTOPEN: 0,{result}")
        result = self.connect()
        check(result == (0, 0), f"+QMTCONN: 0,{result}")
        self.is_cut = False

    def up_again(self, port):
        """However often it takes."""
        while True:
            if self.open(port) == 0 and self.connect() == (0, 0):
                self.is_cut = False
                return

    def subscribe(self, topic, qos):
        self.ok(f'AT+QMTSUB=0,65535,"{topic}",{qos}')
        granted = self.until(rb"\r\n\+QMTSUB: 0,65535,(\d+),(\d+)\r\n").groups()
        check(granted == (b"0", b"%d" % qos), f"+QMTSUB: {granted}")

    def publish(self, topic, text, qos, number, retain=0):
        """False: the modem did not take it."""
        self.at.send(f'AT+QMTPUB=0,{number},{qos},{retain},"{topic}",{len(text)}')
        if self.until(rb"\r\n(> |ERROR\r\n)").group(1) != b"> ":
            return False
        self.at.write(text.encode())
        return self.until(rb"\r\n(OK|ERROR)\r\n").group(1) == b"OK"

    def published(self, *arguments, **more):
        check(self.publish(*arguments, **more), "AT+QMTPUB: ERROR")
        self.until(rb"\r\n\+QMTPUB: 0,%d,0\r\n" % arguments[3])

    def gets(self, *texts):
        while len(self.received) < len(texts):
            self.until(rb"\r\n\+QMTRECV: [^\r]*\r\n")
        check(tuple(self.received) == texts, f"got {self.received}, not {texts}")
        self.received.clear()


def every_way_in(bench):
    with Mosquitto(bench.pki, bench.folder("ways")) as broker:
        for module in ("BG96", "EC200M-CN"):
            with Modem(bench, module) as modem:
                for version in (3, 4):
                    modem.ok(f'AT+QMTCFG="version",0,{version}')
                    for port, way in ((broker.plain, PLAIN), (broker.tls, TRUSTING), (broker.mutual, MUTUAL)):
                        modem.up(port, way)
                        modem.subscribe("all/+", 2)
                        texts = [f"{module} {version} {way} {qos}" for qos in (0, 1, 2)]
                        for qos, text in enumerate(texts):
                            modem.published("all/x", text, qos, qos)
                        modem.gets(*texts)
                        modem.ok("AT+QMTDISC=0")
                        modem.until(rb"\r\n\+QMTDISC: 0,0\r\n")
                check(modem.open(broker.tls, STRANGER) == -1, "a broker that nobody vouches for was accepted")
                # TLS 1.2: the broker refuses within the handshake.
                check(modem.open(broker.mutual, TRUSTING) == -1, "a client without a certificate got in")
                check("certificate" in modem.log(), "the log does not say why")


def will_and_retained(bench):
    with Mosquitto(bench.pki, bench.folder("will")) as broker, Subscriber(broker, "last/#") as beside:
        with Modem(bench) as modem, Relay(broker.plain) as wire:
            modem.ok('AT+QMTCFG="will",0,1,1,1,"last/words","gone"')
            modem.up(wire.port)
            modem.published("last/kept", "kept", 1, 1, retain=1)
            beside.read_until(lambda: beside.lines == ["kept"])
            wire.cut()
            modem.until(rb"\r\n\+QMTSTAT: 0,1\r\n")
            beside.read_until(lambda: beside.lines == ["kept", "gone"])
            modem.ok('AT+QMTCFG="will",0,0')
            modem.up(broker.plain)
            modem.subscribe("last/#", 0)
            while len(modem.received) < 2:
                modem.until(rb"\r\n\+QMTRECV: [^\r]*\r\n")
            check(sorted(modem.received) == ["gone", "kept"], f"retained: {modem.received}")


def keep_alive(bench):
    with Mosquitto(bench.pki, bench.folder("alive")) as broker, Modem(bench) as modem:
        modem.ok('AT+QMTCFG="keepalive",0,1')
        modem.up(broker.plain)
        place = 0
        for _ in range(4):
            place = broker.server.wait_for(b"Received PINGREQ from modem", place)
        modem.published("x", "still here", 1, 1)


def broker_comes_back(bench):
    with Mosquitto(bench.pki, bench.folder("again")) as broker, Modem(bench) as modem:
        modem.ok('AT+QMTCFG="session",0,0')
        modem.up(broker.plain)
        modem.subscribe("again", 2)
        for number, leave in enumerate((broker.restart, broker.kill), 1):
            leave()
            modem.until(rb"\r\n\+QMTSTAT: 0,1\r\n")
            modem.up(broker.plain)
            modem.subscribe("again", 2)
            modem.published("again", f"after {number}", 2, number)
            modem.gets(f"after {number}")


def full_queue(bench):
    """Five messages wait in the module, the others at the broker; none is lost and none comes twice."""
    texts = [f"message {number}" for number in range(WAITING)]
    with Mosquitto(bench.pki, bench.folder("queue")) as broker, Modem(bench) as modem:
        modem.ok('AT+QMTCFG="recv/mode",0,1')
        modem.up(broker.plain)
        modem.subscribe("many", 2)
        broker.publish("many", texts, 2)
        modem.until(rb"\r\n\+QMTRECV: 0,4\r\n")
        modem.at.send("AT+QMTRECV?")
        modem.until(rb"\r\n\+QMTRECV: 0,1,1,1,1,1\r\n\r\nOK\r\n")
        modem.received.clear()
        while len(modem.received) < len(texts):
            modem.ok("AT+QMTRECV=0")
        check(modem.received == texts, f"other messages: {modem.received[:5]} … {modem.received[-5:]}")


def full_queue_of_the_broker(bench):
    """A broker that keeps ten messages and drops the rest: what is left comes in order, and the connection goes on."""
    texts = [f"message {number}" for number in range(100)]
    with Mosquitto(bench.pki, bench.folder("drops"), queued=10) as broker, Modem(bench) as modem:
        modem.ok('AT+QMTCFG="recv/mode",0,1')
        modem.up(broker.plain)
        modem.subscribe("many", 2)
        broker.publish("many", texts, 2)
        modem.until(rb"\r\n\+QMTRECV: 0,4\r\n")
        broker.server.wait_for(b"Outgoing messages are being dropped for client modem")
        modem.received.clear()
        # Behind all that the broker still had.
        while not modem.received or modem.received[-1] != texts[-1]:
            before = len(modem.received)
            modem.ok("AT+QMTRECV=0")
            if len(modem.received) == before:
                broker.publish("many", texts[-1:], 2)
        numbers = [texts.index(text) for text in modem.received]
        check(numbers == sorted(set(numbers)), f"out of order, or more than once: {numbers}")
        check(numbers[:15] == list(range(15)) and len(numbers) < len(texts), f"the broker dropped others: {numbers}")
        modem.ok('AT+QMTCFG="recv/mode",0,0')
        modem.received.clear()
        modem.published("many", "and on", 2, 1)
        modem.gets("and on")


def signs_on_by_triple(bench):
    """AT+QMTCFG="aliauth": what a broker is to expect is worked out here apart from the module."""
    content = "clientIdmodemdeviceNamedev1productKeya1pk"
    password = hmac.new(b"s3cret", content.encode(), hashlib.sha1).hexdigest().upper()
    with Mosquitto(bench.pki, bench.folder("triple"), login=("dev1&a1pk", password)) as broker, Modem(bench) as modem:
        modem.ok(f'AT+QMTOPEN=0,"127.0.0.1",{broker.plain}')
        modem.until(rb"\r\n\+QMTOPEN: 0,0\r\n")
        check(modem.connect() == (0, 5), "a stranger got in")
        modem.until(rb"\r\n\+QMTSTAT: 0,4\r\n")
        modem.ok('AT+QMTCFG="aliauth",0,"a1pk","dev1","s3cret"')
        for port, way, words in ((broker.plain, PLAIN, b"securemode=3"), (broker.tls, TRUSTING, b"securemode=2")):
            modem.up(port, way)
            broker.server.wait_for(b"modem|" + words + b",signmethod=hmacsha1| ")
            modem.published("x", "in", 1, 1)
            modem.ok("AT+QMTDISC=0")
            modem.until(rb"\r\n\+QMTDISC: 0,0\r\n")
        check("s3cret" not in modem.log() and password not in modem.log(), "a secret is in the log")


def leaves_in_order(bench):
    """What was sent before AT+QMTDISC arrives, behind any backlog; the broker sees an orderly end."""
    with Mosquitto(bench.pki, bench.folder("leaves")) as broker, Subscriber(broker, "run") as beside, \
            Relay(broker.tls) as wire, Modem(bench) as modem:
        modem.up(wire.port, TRUSTING)
        wire.hold()
        sent = 0
        while modem.publish("run", f"{sent:04096}", 0, 0):
            sent += 1
        modem.ok("AT+QMTDISC=0")
        modem.at.send("AT+QMTCONN?")
        modem.until(rb"\r\n\+QMTCONN: 0,4\r\n\r\nOK\r\n")
        wire.release()
        modem.until(rb"\r\n\+QMTDISC: 0,0\r\n")
        beside.read_until(lambda: len(beside.lines) == sent)
        check(list(map(int, beside.lines)) == list(range(sent)), "other messages")
        broker.server.wait_for(b"Client modem disconnected.")


def promises_kept(bench, version):
    """QoS 1 at least once, QoS 2 exactly once, both ways, over a wire that is cut again and again."""
    with Mosquitto(bench.pki, bench.folder(f"promises-{version}")) as broker, Subscriber(broker, "run") as beside, \
            Relay(broker.plain) as wire, Modem(bench) as modem:
        modem.ok('AT+QMTCFG="session",0,0')
        modem.ok(f'AT+QMTCFG="version",0,{version}')
        modem.up(wire.port)
        modem.subscribe("run", 2)
        sent = 0
        under_way = set()
        cuts = 0
        while sent < MESSAGES or under_way:
            if modem.is_cut:
                modem.up_again(wire.port)
            if sent < MESSAGES and len(under_way) < 5:
                number = 1 + sent % 60_000
                if modem.publish("run", f"{sent}", 1 + sent % 2, number):
                    under_way.add(number)
                    sent += 1
                    if sent % (MESSAGES // CUTS) == 0 and cuts < CUTS:
                        wire.cut()
                        cuts += 1
            else:
                modem.until(rb"\r\n\+QMT(PUB|STAT|RECV): [^\r]*\r\n")
            for _, number, result, *_ in modem.answered:
                check(result == 0, f"message {number} failed: {result}")
                under_way.remove(number)
            modem.answered.clear()
        check(cuts == CUTS, f"{cuts} cuts only")
        whole = set(range(MESSAGES))
        while not whole <= set(map(int, modem.received)):
            if modem.is_cut:
                modem.up_again(wire.port)
            modem.until(rb"\r\n\+QMT(STAT|RECV): [^\r]*\r\n")
        beside.read_until(lambda: len(beside.lines) >= MESSAGES and whole <= set(map(int, beside.lines)))
        for who, got in (("the modem", modem.received), ("mosquitto_sub", beside.lines)):
            numbers = list(map(int, got))
            once = [number for number in numbers if number % 2 == 1]
            check(len(once) == len(set(once)) == MESSAGES // 2, f"{who}: a QoS 2 message more than once")
            check(once == sorted(once), f"{who}: QoS 2 messages out of order")
            check(set(numbers) == whole, f"{who}: others than were sent")


def promises_kept_3_1(bench):
    promises_kept(bench, 3)


def promises_kept_3_1_1(bench):
    promises_kept(bench, 4)


def run():
    with Directory() as path:
        bench = Bench(path, "broker.test")
        main([(case.__name__, lambda case=case: case(bench))
              for case in (every_way_in, will_and_retained, keep_alive, broker_comes_back, full_queue,
               full_queue_of_the_broker, signs_on_by_triple, leaves_in_order, promises_kept_3_1,
               promises_kept_3_1_1)])


if __name__ == "__main__":
    run()
