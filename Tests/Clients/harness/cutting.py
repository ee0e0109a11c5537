"""A proxy to a database on which an answer can be lost: the statement is executed, and its result never arrives."""

import socket
import threading


class CuttingProxy:
    """Forwards connections to a port of this machine. `cut` sets a word: the next statement with it is executed, and its connection ends before
    the answer."""

    # ReadyForQuery, outside of any transaction: what came before is committed.
    READY = b"Z\x00\x00\x00\x05I"

    def __init__(self, port: int):
        self.target = port
        self.word = None
        self.cuts = 0
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self, word: bytes):
        with self.lock:
            self.word = word

    def close(self):
        self.listener.close()

    def _accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
                far = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                return
            # Whether the next answer is to be lost.
            losing = threading.Event()
            threading.Thread(target=self._forward, args=(near, far, losing), daemon=True).start()
            threading.Thread(target=self._answer, args=(far, near, losing), daemon=True).start()

    def _forward(self, near, far, losing):
        self._pump(near, far, lambda data: self._take(data) and losing.set())

    def _take(self, data: bytes) -> bool:
        with self.lock:
            if self.word is None or self.word not in data:
                return False
            self.word = None
            return True

    def _answer(self, far, near, losing):
        held = b""
        while True:
            try:
                data = far.recv(65536)
                if not data:
                    break
                if losing.is_set():
                    held += data
                    if held.endswith(self.READY):
                        self.cuts += 1
                        break
                    continue
                near.sendall(data)
            except OSError:
                break
        for end in (near, far):
            # Another thread may be reading from it: closing alone would not notify the other side.
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()

    @staticmethod
    def _pump(source, sink, see):
        while True:
            try:
                data = source.recv(65536)
                if not data:
                    break
                see(data)
                sink.sendall(data)
            except OSError:
                break
        try:
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass
