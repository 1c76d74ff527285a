"""The host's side of a 27.010 multiplexer (basic option), written from the standard for the tests."""

import select
import time

from modem import DEADLINE, Failure, check

FLAG = 0xF9
SABM, UA, DM, DISC, UIH = 0x2F, 0x63, 0x0F, 0x43, 0xEF
POLL = 0x10
MSC, CLD, TEST, FC_ON, FC_OFF = 0xE0, 0xC0, 0x20, 0xA0, 0x60
COMMAND, EXTENSION = 0x02, 0x01
FC, RTC, RTR, IC, DV = 0x02, 0x04, 0x08, 0x40, 0x80


def divided(octet):
    for _ in range(8):
        octet = octet >> 1 ^ 0xE0 if octet & 1 else octet >> 1
    return octet


TABLE = [divided(octet) for octet in range(256)]


def crc(data):
    register = 0xFF
    for octet in data:
        register = TABLE[register ^ octet]
    return 0xFF - register


def length_field(count):
    return bytes([count << 1 | 1]) if count < 128 else bytes([(count & 0x7F) << 1, count >> 7])


def frame(dlci, control, data=b"", command=True):
    """As the initiator sends it: C/R is 1 in commands."""
    head = bytes([dlci << 2 | (COMMAND if command else 0) | EXTENSION, control]) + length_field(len(data))
    return bytes([FLAG]) + head + data + bytes([crc(head), FLAG])


def message(kind, values=b"", command=True):
    return bytes([kind | (COMMAND if command else 0) | EXTENSION]) + length_field(len(values)) + values


class Peer:
    """Over a Host that has just been answered AT+CMUX=0; its channels look like Hosts."""

    def __init__(self, host, most=127):
        self.host, self.most = host, most
        self.received = bytearray()
        self.data = {dlci: bytearray() for dlci in range(1, 5)}
        self.signals = {}
        self.answers = []
        self.stopped = set()

    # --- frames ---

    def send(self, *octets):
        self.host.write(b"".join(octets))

    def open(self, dlci):
        self.send(frame(dlci, SABM | POLL))
        self.wait_for(lambda: (dlci, UA | POLL) in self.answers, f"UA of {dlci}")
        if dlci:
            self.wait_for(lambda: dlci in self.signals, f"modem status of {dlci}")
            self.set_signals(dlci, RTC | RTR | DV)

    def close(self, dlci):
        self.send(frame(dlci, DISC | POLL))
        self.answers.clear()
        self.wait_for(lambda: (dlci, UA | POLL) in self.answers, f"UA of {dlci}")

    def close_down(self):
        self.send(frame(0, UIH, message(CLD)))
        self.wait_for(lambda: (0, CLD) in self.answers, "answer to CLD")

    def set_signals(self, dlci, signals):
        self.answers = [answer for answer in self.answers if answer != (dlci, MSC)]
        self.send(frame(0, UIH, message(MSC, bytes([dlci << 2 | 3, signals | EXTENSION]))))
        self.wait_for(lambda: (dlci, MSC) in self.answers, f"answer to MSC of {dlci}")

    def write(self, dlci, data):
        """In frames, as far as the modem's flow control lets them."""
        while data:
            self.wait_for(lambda: dlci not in self.stopped, f"{dlci} to accept frames")
            self.send(frame(dlci, UIH, data[:self.most]))
            data = data[self.most:]
            self.poll()

    def read(self, dlci, count):
        self.wait_for(lambda: len(self.data[dlci]) >= count, f"{count} octets on {dlci}")
        return self.take_data(dlci, count)

    def expect(self, dlci, text):
        self.wait_for(lambda: text in self.data[dlci], f"{text!r} on {dlci}: {self.data[dlci][-300:]!r}")
        return self.take_data(dlci, self.data[dlci].index(text) + len(text))

    def take_data(self, dlci, count=None):
        """The first octets of what has come, or all."""
        data = bytes(self.data[dlci][:count])
        del self.data[dlci][:count]
        return data

    def ok(self, dlci, line):
        self.write(dlci, line.encode() + b"\r")
        return self.expect(dlci, b"\r\nOK\r\n")

    def wait_for(self, condition, what):
        until = time.monotonic() + DEADLINE
        self.take()
        while not condition():
            left = until - time.monotonic()
            check(left > 0 and select.select([self.host.fd], [], [], left)[0], f"no {what}")
            self.host.fill()
            self.take()

    def poll(self):
        while select.select([self.host.fd], [], [], 0)[0]:
            self.host.fill()
        self.take()

    def take(self):
        """All whole frames of what has come; answering one may bring more."""
        while self.host.pending:
            self.received += self.host.pending
            self.host.pending = b""
            self.take_whole_frames()

    def take_whole_frames(self):
        octets, place = bytes(self.received), 0
        while True:
            while place < len(octets) and octets[place] == FLAG:
                place += 1
            if len(octets) - place < 4:
                break
            if octets[place + 2] & 1:
                head, count = 3, octets[place + 2] >> 1
            else:
                head, count = 4, octets[place + 2] >> 1 | octets[place + 3] << 7
            end = place + head + count
            if len(octets) < end + 2:
                break
            check(octets[end] == crc(octets[place:place + head]), f"a wrong check sequence: {octets[place:end + 2]!r}")
            check(octets[end + 1] == FLAG, f"no flag behind a frame: {octets[place:end + 2]!r}")
            check(count <= self.most, f"a frame of {count} octets")
            self.take_frame(octets[place], octets[place + 1], octets[place + head:end])
            place = end + 2
        del self.received[:place]

    def take_frame(self, address, control, data):
        dlci = address >> 2
        check(address & EXTENSION, "no EA in an address")
        # The responder's commands have C/R 0, its responses 1.
        check(bool(address & COMMAND) == ((control & ~POLL) in (UA, DM)), f"C/R of {control:02X}")
        if control & ~POLL != UIH:
            self.answers.append((dlci, control))
        elif dlci:
            self.data[dlci] += data
        else:
            self.take_message(data)

    def take_message(self, data):
        kind, values = data[0] & ~(COMMAND | EXTENSION), data[2:]
        check(data[1] == len(values) << 1 | 1, f"one message a frame is expected: {data!r}")
        if kind == MSC:
            dlci = values[0] >> 2
            if not data[0] & COMMAND:
                self.answers.append((dlci, MSC))
                return
            self.signals[dlci] = values[1]
            (self.stopped.add if values[1] & FC else self.stopped.discard)(dlci)
            self.send(frame(0, UIH, message(MSC, values, command=False)))
        else:
            check(not data[0] & COMMAND, f"a command that nobody expects: {data!r}")
            self.answers.append((0, kind))


def start(host, most=127):
    """The multiplexer on this port, with DLCI 0 open."""
    host.ok(f"AT+CMUX=0,0,5,{most}")
    if host.pending:
        raise Failure(f"something before the first frame: {host.pending!r}")
    peer = Peer(host, most)
    peer.open(0)
    return peer
