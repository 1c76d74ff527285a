#!/usr/bin/env python3
"""Puts the kernel's multiplexer (n_gsm) on a modem's port: n_gsm.py DEVICE. Afterwards /dev/gsmtty1 to 4 are AT ports; Ctrl-C ends it.

Needs root and the kernel module n_gsm (modprobe n_gsm). The structures are those of linux/gsmmux.h.
"""

import fcntl
import os
import signal
import struct
import sys
import termios
import time
import tty

N_GSM0710 = 21
TIOCSETD = 0x5423
GSMIOC_GETCONF, GSMIOC_SETCONF = 0x804C4700, 0x404C4701


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    line = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)
    tty.setraw(line)
    settings = termios.tcgetattr(line)
    settings[4] = settings[5] = termios.B115200
    termios.tcsetattr(line, termios.TCSANOW, settings)
    os.write(line, b"ATE0\r")
    time.sleep(0.3)
    os.write(line, b"AT+CMUX=0\r")
    time.sleep(0.3)
    termios.tcflush(line, termios.TCIFLUSH)
    fcntl.ioctl(line, TIOCSETD, struct.pack("i", N_GSM0710))
    size = 0x4C
    config = bytearray(fcntl.ioctl(line, GSMIOC_GETCONF, bytes(size)))
    # Basic option, we open DLCI 0, frames of 127 octets.
    encapsulation, initiator, mru, mtu = 1, 2, 7, 8
    for index, value in ((encapsulation, 0), (initiator, 1), (mru, 127), (mtu, 127)):
        struct.pack_into("I", config, 4 * index, value)
    fcntl.ioctl(line, GSMIOC_SETCONF, bytes(config))
    print("the channels are /dev/gsmtty1 to /dev/gsmtty4; Ctrl-C ends the multiplexer", flush=True)
    signal.sigwait({signal.SIGINT, signal.SIGTERM})


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    main()
