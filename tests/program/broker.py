"""mosquitto as a child process, with listeners for each way in, and Debian's clients beside the modem."""

import os
import select
import subprocess

from modem import DEADLINE, check, free_port
from servers import Server

MOSQUITTO = "/usr/sbin/mosquitto"

CONFIG = """
per_listener_settings false
allow_anonymous {anyone}
persistence true
persistence_location {path}/
autosave_interval 1
autosave_on_changes true
max_queued_messages {queued}
max_inflight_messages 20
log_type all
listener {plain} 127.0.0.1
listener {tls} 127.0.0.1
cafile {ca}
certfile {certificate}
keyfile {key}
tls_version tlsv1.2
listener {mutual} 127.0.0.1
cafile {ca}
certfile {certificate}
keyfile {key}
require_certificate true
tls_version tlsv1.2
"""


class Mosquitto:
    """Keeps its ports and its store over restart() and kill()."""

    def __init__(self, pki, path, queued=0, login=None):
        self.path = path
        self.plain, self.tls, self.mutual = free_port(), free_port(), free_port()
        # Started by root it would become another user, who could not read these.
        owner = "user root\n" if os.geteuid() == 0 else ""
        self.config = os.path.join(path, "mosquitto.conf")
        if login:
            passwords = os.path.join(path, "passwords")
            subprocess.run(["mosquitto_passwd", "-b", "-c", passwords, *login], check=True, timeout=DEADLINE)
            owner += f"password_file {passwords}\n"
        with open(self.config, "w", encoding="ascii") as file:
            file.write(owner + CONFIG.format(path=path, queued=queued, anyone=str(not login).lower(), plain=self.plain, tls=self.tls, mutual=self.mutual,
                                             ca=pki.file("root.pem"), certificate=pki.file("server.pem"),
                                             key=pki.file("server.key")))
        self.server = None
        self.start()

    def start(self):
        self.server = Server([MOSQUITTO, "-c", self.config], self.plain)

    def restart(self):
        """In an orderly way: it writes its store."""
        self.server.process.terminate()
        self.server.process.wait(timeout=DEADLINE)
        self.server.stop()
        self.start()

    def kill(self):
        """kill -9, and up again."""
        self.server.stop()
        self.start()

    def publish(self, topic, lines, qos):
        """Each line a message, by mosquitto_pub."""
        subprocess.run(["mosquitto_pub", "-p", str(self.plain), "-t", topic, "-q", str(qos), "-l"],
                       input="".join(line + "\n" for line in lines).encode(), check=True, timeout=DEADLINE * 4)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.stop()


class Subscriber:
    """mosquitto_sub, which prints line by line, with a kept session: it gets what is sent while the broker is away, too."""

    def __init__(self, broker, topic, name="beside", qos=2):
        self.process = subprocess.Popen(
            ["stdbuf", "-oL", "mosquitto_sub", "-p", str(broker.plain), "-t", topic, "-q", str(qos), "-i", name, "-c", "-d"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.rest = b""
        self.lines = []
        self.said = []
        self.read_until(lambda: any("Subscribed" in line for line in self.said))

    def read_until(self, done):
        while not done():
            ready = select.select([self.process.stdout], [], [], DEADLINE)[0]
            check(ready, f"mosquitto_sub prints nothing more: {self.lines[-3:]}, {self.said[-3:]}")
            data = os.read(self.process.stdout.fileno(), 65536)
            check(data, f"mosquitto_sub ended: {self.said[-3:]}")
            *whole, self.rest = (self.rest + data).split(b"\n")
            for line in (raw.decode() for raw in whole):
                # Its own words about packets; messages here never begin so.
                (self.said if line.startswith(("Client ", "Subscribed")) else self.lines).append(line)

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
