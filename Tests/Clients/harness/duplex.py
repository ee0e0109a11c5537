"""A TLS connection that one thread may read while another writes."""

import socket
import ssl
import threading


class Duplex:
    """TLS over memory buffers, with a separate socket.

    An `SSLSocket` of Python before 3.13 has no lock of its own, and OpenSSL's connections aren't thread-safe: a ticket that is read while a
    request is written can end the connection with an error that no peer caused.
    """

    def __init__(self, plain: socket.socket, context: ssl.SSLContext, name: str):
        self.socket = plain
        self._came, self._goes = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._session = context.wrap_bio(self._came, self._goes, server_hostname=name)
        # The first guards the session; the second keeps the order of the encrypted output.
        self._lock, self._order = threading.Lock(), threading.Lock()
        while True:
            try:
                self._session.do_handshake()
                break
            except ssl.SSLWantReadError:
                self._flush()
                self._fill()
        self._flush()

    def _fill(self):
        more = self.socket.recv(1 << 16)
        with self._lock:
            if more:
                self._came.write(more)
            else:
                self._came.write_eof()

    def _flush(self):
        with self._order:
            with self._lock:
                waiting = self._goes.read()
            if waiting:
                self.socket.sendall(waiting)

    def recv(self, most: int) -> bytes:
        """The received data, empty at the end: only the one reading thread may call this."""
        while True:
            try:
                with self._lock:
                    return self._session.read(most)
            except ssl.SSLWantReadError:
                self._fill()
            except ssl.SSLZeroReturnError:
                return b""

    def sendall(self, data: bytes):
        with self._order:
            with self._lock:
                self._session.write(data)
                waiting = self._goes.read()
            self.socket.sendall(waiting)

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
