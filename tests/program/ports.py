#!/usr/bin/env python3
"""The ports of a module against hosts that are not ours: pyserial over RFC 2217, socat, picocom, chat, gammu, a multiplexer's peer."""

import hashlib
import os
import pty
import random
import re
import select
import subprocess
import threading
import time

from modem import DEADLINE, FULL, Atls, Directory, Failure, check, main
from mux_peer import DV, FC_OFF, FC_ON, RTC, RTR, TEST, UIH, frame, message, start
from peers import Peer as TlsPeer, blocks
from pki import Pki

BULK = 100_000_000 if FULL else 5_000_000
LOAD_SECONDS = 300 if FULL else 20
PYTHON = "/usr/bin/python3"  # Debian's, which has pyserial


class Bench:
    def __init__(self, path):
        self.path = path
        self.pki = Pki(path)
        self.pki.issue("server", "echo.test", names=["DNS:echo.test", "IP:127.0.0.1"])


def open_transparent(host, port):
    host.ok('AT+QICSGP=1,1,"internet"')
    host.ok("AT+QIACT=1")
    host.send(f'AT+QSSLOPEN=1,1,0,"127.0.0.1",{port},2')
    host.expect(b"\r\nCONNECT\r\n")


# --- RFC 2217 ---------------------------------------------------------------------------------------------------------

PYSERIAL = r'''
import sys, time, hashlib
import serial
port = serial.serial_for_url("rfc2217://" + sys.argv[1] + "?timeout=10", timeout=20)
tls, count = int(sys.argv[2]), int(sys.argv[3])

def ask(line):
    port.write(line.encode() + b"\r")
    text = b""
    while not text.endswith((b"\r\nOK\r\n", b"\r\nERROR\r\n", b"\r\nCONNECT\r\n")):
        octet = port.read(1)
        assert octet, (line, text)
        text += octet
    return text.decode()

assert ask("ATE0").endswith("\r\nOK\r\n")
# Every setting there is; each is answered by the server, or pyserial raises.
for rate in (9600, 19200, 57600, 115200, 921600, 115200):
    port.baudrate = rate
    assert ask("AT") == "\r\nOK\r\n"
for size in (serial.SEVENBITS, serial.EIGHTBITS):
    port.bytesize = size
for parity in (serial.PARITY_EVEN, serial.PARITY_ODD, serial.PARITY_MARK, serial.PARITY_SPACE, serial.PARITY_NONE):
    port.parity = parity
for stop in (serial.STOPBITS_TWO, serial.STOPBITS_ONE_POINT_FIVE, serial.STOPBITS_ONE):
    port.stopbits = stop
port.rtscts = True
port.rtscts = False
port.xonxoff = True
port.xonxoff = False
port.rts = False
port.rts = True
port.break_condition = True
port.break_condition = False
port.reset_input_buffer()
port.reset_output_buffer()
assert port.dsr and port.cts and not port.cd and not port.ri

ask('AT+QICSGP=1,1,"internet"')
ask("AT+QIACT=1")
ask("AT&D1")
ask("AT+QSSLCLOSE=0,1")  # an earlier client's
assert ask('AT+QSSLOPEN=1,1,0,"127.0.0.1",%d,2' % tls).endswith("CONNECT\r\n")
deadline = time.monotonic() + 10
while not port.cd:
    assert time.monotonic() < deadline, "no DCD in data mode"
    time.sleep(0.01)
# Eight bits both ways, hashes compared: the peer echoes.
import random
source = random.Random(2217)
sent, got = hashlib.sha256(), hashlib.sha256()
left = count
while left:
    piece = source.randbytes(min(8192, left)) + b""
    port.write(piece)
    sent.update(piece)
    back = b""
    while len(back) < len(piece):
        more = port.read(len(piece) - len(back))
        assert more, "nothing comes back"
        back += more
    got.update(back)
    left -= len(piece)
assert sent.digest() == got.digest(), "other octets came back"
# DTR leaves transparent mode.
port.dtr = False
text = b""
while not text.endswith(b"\r\nOK\r\n"):
    octet = port.read(1)
    assert octet, text
    text += octet
port.dtr = True
assert ask("AT") == "\r\nOK\r\n"
deadline = time.monotonic() + 10
while port.cd:
    assert time.monotonic() < deadline, "DCD is still on"
    time.sleep(0.01)
assert ask("ATO").endswith("CONNECT\r\n")
port.close()
print("good")
'''


def rfc2217_with_pyserial(bench):
    with TlsPeer(bench.pki, "echo") as peer, Atls({"uart1": "rfc2217:127.0.0.1:0"}) as modem:
        address = modem.urls["uart1"].partition(":")[2]
        for _ in range(2):  # a second client finds a port like new
            done = subprocess.run([PYTHON, "-c", PYSERIAL, address, str(peer.port), str(BULK // 10)], capture_output=True, text=True,
                                  timeout=20 * DEADLINE, check=False)
            check(done.stdout == "good\n", done.stdout + done.stderr[-1500:] + modem.log()[-500:])


# --- pty and tty with other people's programs -------------------------------------------------------------------------

def socat_on_a_pty(bench):
    """socat carries a dialogue, and then octets of all kinds both ways through transparent TLS."""
    path = os.path.join(bench.path, "modem")
    # Not an echo: one that waits until its own are taken, as socat does, would wait for ever behind full buffers.
    data, wanted = (b"".join(blocks(BULK // 10, seed)) for seed in (5, 6))
    with TlsPeer(bench.pki, "duplex", len(data), 6) as peer, Atls({"uart1": "pty:" + path}) as modem:
        with subprocess.Popen(["socat", "-b", "65536", "STDIO", f"{path},raw,echo=0,b115200"], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE) as socat:
            got = b""

            def until(text):
                nonlocal got
                while text not in got:
                    check(select.select([socat.stdout], [], [], DEADLINE)[0], f"no {text!r}: {got[-300:]!r} {modem.log()[-300:]}")
                    got += os.read(socat.stdout.fileno(), 65536)
                got = got[got.index(text) + len(text):]

            def say(text, answer=b"\r\nOK\r\n"):
                os.write(socat.stdin.fileno(), text + b"\r")
                until(answer)

            say(b"ATE0")
            say(b'AT+QICSGP=1,1,"internet"')
            say(b"AT+QIACT=1")
            say(f'AT+QSSLOPEN=1,1,0,"127.0.0.1",{peer.port},2'.encode(), b"\r\nCONNECT\r\n")
            writer = threading.Thread(target=lambda: (socat.stdin.write(data), socat.stdin.flush()))
            writer.start()
            down = bytearray(got)
            while len(down) < len(wanted):
                check(select.select([socat.stdout], [], [], DEADLINE)[0], f"{len(down)} of {len(wanted)} octets came")
                down += os.read(socat.stdout.fileno(), 65536)
            writer.join()
            check(down == wanted, "other octets came down")
            check(peer.line() == hashlib.sha256(data).hexdigest(), "other octets went up")
            socat.kill()


def picocom_on_a_pty(bench):
    """A terminal program: it locks the device, sets the rate, raises DTR, and leaves by C-a C-x."""
    path = os.path.join(bench.path, "modem")
    with Atls({"uart1": "pty:" + path}) as modem:
        terminal, slave = pty.openpty()
        with subprocess.Popen(["picocom", "-b", "115200", "-q", "--noreset", "--nolock", os.path.realpath(path)], stdin=slave,
                              stdout=slave, stderr=slave, start_new_session=True) as picocom:
            os.close(slave)
            got = b""

            def until(pattern):
                nonlocal got
                while not re.search(pattern, got):
                    check(select.select([terminal], [], [], DEADLINE)[0], f"no {pattern!r}: {got!r} {modem.log()[-300:]}")
                    got += os.read(terminal, 4096)

            time_out = time.monotonic() + DEADLINE
            while b"OK" not in got:
                # It may not have opened the device yet.
                check(time.monotonic() < time_out, f"no answer: {got!r}")
                os.write(terminal, b"AT\r")
                if select.select([terminal], [], [], 0.2)[0]:
                    got += os.read(terminal, 4096)
            got = b""
            os.write(terminal, b"ATI\r")
            until(rb"ATI\r+\r?\n?Quectel\r\nBG96\r\nRevision: BG96MAR02A07M1G\r\n\r\nOK\r\n")
            os.write(terminal, b"\x01\x18")
            check(picocom.wait(timeout=DEADLINE) == 0, "picocom did not end well")
        os.close(terminal)


def chat_and_tty(bench):
    """A cable's two ends by socat: atls has the one as its UART, pppd's chat the other."""
    ours, theirs = os.path.join(bench.path, "ours"), os.path.join(bench.path, "theirs")
    with subprocess.Popen(["socat", f"PTY,link={ours},raw,echo=0", f"PTY,link={theirs},raw,echo=0"]) as cable:
        until = time.monotonic() + DEADLINE
        while not (os.path.exists(ours) and os.path.exists(theirs)):
            check(time.monotonic() < until and cable.poll() is None, "socat made no ptys")
            threading.Event().wait(0.01)
        with Atls({"uart1": f"tty:{ours}@115200,8N1"}, module="M95") as modem:
            check(modem.urls["uart1"] == f"tty:{ours}@115200,8N1", str(modem.urls))
            with open(theirs, "r+b", buffering=0) as line:
                script = ["", "AT", "OK", "ATE0", "OK", "AT+CPIN?", "READY", "AT+CGMM", "Quectel_M95", "AT+IPR=9600", "OK", "AT", "OK"]
                done = subprocess.run(["/usr/sbin/chat", "-v", "-S", "-s", "-t", "10", *script], stdin=line, stdout=line,
                                      stderr=subprocess.PIPE, timeout=DEADLINE, check=False)
                check(done.returncode == 0, done.stderr.decode()[-800:] + modem.log()[-400:])
        cable.terminate()


def gammu_identifies(bench):
    path = os.path.join(bench.path, "modem")
    config = os.path.join(bench.path, "gammurc")
    with open(config, "w") as file:
        file.write(f"[gammu]\ndevice = {path}\nconnection = at115200\n")
    with Atls({"uart1": "pty:" + path}, "--imei", "490154203237518") as modem:
        done = subprocess.run(["gammu", "-c", config, "--identify"], capture_output=True, text=True, timeout=DEADLINE, check=False)
        check(re.search(r"Manufacturer\s+: Quectel", done.stdout) and re.search(r"IMEI\s+: 490154203237518", done.stdout)
              and re.search(r"Model\s+: .*BG96", done.stdout), done.stdout + done.stderr + modem.log()[-800:])


# --- the multiplexer --------------------------------------------------------------------------------------------------

def multiplexer(bench):
    with TlsPeer(bench.pki, "echo") as peer, Atls({"uart1": "tcp:127.0.0.1:0"}) as modem:
        host = modem.host("uart1")
        mux = start(host)
        mux.send(frame(0, UIH, message(TEST, b"are you there")))
        mux.wait_for(lambda: (0, TEST) in mux.answers, "answer to Test")
        for dlci in (1, 2, 3, 4):
            mux.open(dlci)
            mux.ok(dlci, "ATE0&D1")
            check(not mux.signals[dlci] & DV, "DCD before there is a connection")
        mux.ok(1, 'AT+QICSGP=1,1,"internet"')
        mux.ok(1, "AT+QIACT=1")
        # TLS in transparent mode on 1, commands on 2.
        mux.write(1, f'AT+QSSLOPEN=1,1,0,"127.0.0.1",{peer.port},2\r'.encode())
        mux.expect(1, b"\r\nCONNECT\r\n")
        mux.wait_for(lambda: mux.signals[1] & DV, "DCD in data mode")
        data = random.Random(27010).randbytes(BULK // 20)
        sent = 0
        while sent < len(data):
            mux.write(1, data[sent:sent + 4000])
            sent += 4000
            check(mux.ok(2, "AT") == b"\r\nOK\r\n", "another answer on 2")
        check(mux.read(1, len(data)) == data, "other octets came back")
        check(b'"cmux1"' in mux.ok(2, "AT+QSSLSTATE=0"), "QSSLSTATE does not name the port")
        # FCoff stops data, not control; FCon lets it go on.
        mux.send(frame(0, UIH, message(FC_OFF)))
        mux.wait_for(lambda: (0, FC_OFF) in mux.answers, "answer to FCoff")
        mux.write(2, b"AT\r")
        mux.set_signals(3, RTC | RTR)
        check(mux.data[2] == b"", "data though it is off")
        mux.send(frame(0, UIH, message(FC_ON)))
        mux.expect(2, b"\r\nOK\r\n")
        # DTR drops: &D1 leaves data mode, the connection stays.
        mux.set_signals(1, RTR)
        mux.expect(1, b"\r\nOK\r\n")
        mux.wait_for(lambda: not mux.signals[1] & DV, "DCD off")
        mux.set_signals(1, RTC | RTR)
        mux.write(1, b"ATO\r")
        mux.expect(1, b"\r\nCONNECT\r\n")
        mux.close(1)
        mux.open(1)
        check(b"0,\"SSLClient\"" in mux.ok(1, "AT+QSSLSTATE=0"), "the connection went with its channel")
        mux.close_down()
        host.ok("AT")


def everything_at_once(bench):
    """Four channels and two more ports on one module under load: no octet lost, no answer on a wrong port."""
    ports = {"uart1": "tcp:127.0.0.1:0", "usbat": "tcp:127.0.0.1:0", "usbmodem": "pty:" + os.path.join(bench.path, "usbmodem")}
    with TlsPeer(bench.pki, "echo") as first, TlsPeer(bench.pki, "echo") as second, Atls(ports) as modem:
        until = time.monotonic() + LOAD_SECONDS
        faults = []
        usb = modem.host("usbat")
        usb.ok("ATE0")
        usb.ok('AT+QICSGP=1,1,"internet"')
        usb.ok("AT+QIACT=1")

        def run(work):
            def guarded():
                try:
                    work()
                except Exception as fault:  # pylint: disable=broad-except
                    faults.append(fault)
            thread = threading.Thread(target=guarded)
            thread.start()
            return thread

        def stream_on_usbmodem():
            host = modem.host("usbmodem")
            host.ok("ATE0")
            host.send(f'AT+QSSLOPEN=1,1,5,"127.0.0.1",{second.port},2')
            host.expect(b"\r\nCONNECT\r\n")
            source = random.Random(55)
            while time.monotonic() < until and not faults:
                piece = source.randbytes(3000)
                host.write(piece)
                check(host.read(len(piece)) == piece, "usbmodem: other octets")
            host.close()

        def files_on_usbat():
            source = random.Random(66)
            while time.monotonic() < until and not faults:
                content = source.randbytes(2000)
                usb.upload("load.bin", content)
                usb.send('AT+QFDWL="load.bin"')
                usb.expect(b"\r\nCONNECT\r\n")
                check(usb.read(len(content)) == content, "usbat: another file")
                usb.expect(b"\r\nOK\r\n")

        def channels_on_uart1():
            mux = start(modem.host("uart1"))
            source = random.Random(77)
            for dlci in (1, 2, 3, 4):
                mux.open(dlci)
                mux.ok(dlci, "ATE0")
            mux.write(1, f'AT+QSSLOPEN=1,1,1,"127.0.0.1",{first.port},2\r'.encode())
            mux.expect(1, b"\r\nCONNECT\r\n")
            count = 0
            while time.monotonic() < until and not faults:
                piece = source.randbytes(2000)
                mux.write(1, piece)
                # Each channel asks what only it can be answered.
                for dlci, line, answer in ((2, f"ATS7={count % 200}", b"\r\nOK\r\n"), (3, "AT+GSN", None), (4, "AT+CGMM", b"\r\nBG96\r\n\r\nOK\r\n")):
                    got = mux.ok(dlci, line)
                    check(answer is None and re.fullmatch(rb"\r\n\d{15}\r\n\r\nOK\r\n", got) or got == answer, f"{dlci}: {got!r}")
                check(mux.ok(2, "ATS7?") == b"\r\n%03d\r\n\r\nOK\r\n" % (count % 200), "2: another register")
                check(mux.read(1, len(piece)) == piece, "1: other octets")
                count += 1
            check(count > 10, f"{count} rounds")
            check(all(not rest for rest in mux.data.values()), f"more than was asked for: {mux.data}")

        threads = [run(work) for work in (stream_on_usbmodem, files_on_usbat, channels_on_uart1)]
        for thread in threads:
            thread.join()
        if faults:
            raise Failure(f"{faults[0]!r} {modem.log()[-500:]}")


# --- pace -------------------------------------------------------------------------------------------------------------

def paced(bench):
    """At 9600 bits a second 960 octets take a second, both ways; at another rate than ours there is garbage."""
    path = os.path.join(bench.path, "paced")
    with Atls({"uart1": "pty:" + path}, "--pace", "on") as modem:
        host = modem.host("uart1")
        host.ok("ATE0")
        host.ok("AT+IPR=9600")
        import termios  # pylint: disable=import-outside-toplevel
        settings = termios.tcgetattr(host.fd)
        # The pty still has the rate it began with.
        host.write(b"AT\r")
        while select.select([host.fd], [], [], 0.5)[0]:
            host.fill()
        check(b"OK" not in host.pending, "understood at a wrong rate")
        host.pending = b""
        settings[4] = settings[5] = termios.B9600
        termios.tcsetattr(host.fd, termios.TCSANOW, settings)
        answered_at(host)
        begin = time.monotonic()
        host.upload("slow.bin", b"x" * 1920)
        took = time.monotonic() - begin
        check(took >= 1.9, f"1920 octets took {took:.2f} s")


def answered_at(host):
    """What was garbage before is over: an AT is answered."""
    until = time.monotonic() + DEADLINE
    while True:
        host.write(b"AT\r")
        if select.select([host.fd], [], [], 0.5)[0]:
            host.fill()
        if host.pending.endswith(b"\r\nOK\r\n"):
            host.pending = b""
            return
        check(time.monotonic() < until, f"no answer: {host.pending!r}")


def run():
    with Directory() as path:
        bench = Bench(path)
        main([(case.__name__, lambda case=case: case(bench))
              for case in (rfc2217_with_pyserial, socat_on_a_pty, picocom_on_a_pty, chat_and_tty, gammu_identifies, multiplexer,
                           everything_at_once, paced)])


if __name__ == "__main__":
    run()
