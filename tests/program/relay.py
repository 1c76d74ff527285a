"""A wire to a server that can be cut."""

import select
import socket
import struct
import threading

RESET = struct.pack("ii", 1, 0)


class Relay:
    def __init__(self, port):
        self.target = port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.lock = threading.Lock()
        self.open = threading.Event()
        self.open.set()
        self.pairs = []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                near.close()
                continue
            with self.lock:
                self.pairs.append((near, far))
            threading.Thread(target=self.pump, args=(near, far), daemon=True).start()

    def pump(self, near, far):
        other = {near: far, far: near}
        try:
            while True:
                self.open.wait()
                for ready in select.select([near, far], [], [])[0]:
                    data = ready.recv(65536)
                    if not data:
                        return
                    other[ready].sendall(data)
        except (OSError, ValueError):
            return
        finally:
            self.drop(near, far)

    def drop(self, *pair):
        with self.lock:
            if pair in self.pairs:
                self.pairs.remove(pair)
        for one in pair:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            one.close()

    def hold(self):
        """Nothing more passes until release()."""
        self.open.clear()

    def release(self):
        self.open.set()

    def cut(self):
        """Whatever is on its way is lost; both ends see a reset or an end."""
        with self.lock:
            pairs = list(self.pairs)
        for pair in pairs:
            for one in pair:
                try:
                    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                except OSError:
                    pass
            self.drop(*pair)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()
        self.release()
        self.cut()
