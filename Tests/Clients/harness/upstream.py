"""A test's upstream: stores the exact bytes that it received and answers as the test requires."""

import socket
import ssl
import struct
import threading
from dataclasses import dataclass, field

from harness.deadline import eventually
from harness.listener import Listener


@dataclass
class Received:
    """One request, byte for byte."""

    head: bytes
    body: bytes
    connection: int
    fields: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self):
        line, *rest = self.head[:-4].split(b"\r\n")
        self.method, self.target, self.version = line.decode("ascii").split(" ")
        for text in rest:
            name, value = text.decode("utf-8").split(":", 1)
            self.fields.append((name, value.strip(" \t")))

    def values(self, name: str) -> list[str]:
        return [value for key, value in self.fields if key.lower() == name.lower()]

    def value(self, name: str) -> str:
        values = self.values(name)
        assert len(values) == 1, f"{name} stands {len(values)} times in {self.fields}"
        return values[0]


def answer(body: bytes = b"{}", status: int = 200, fields: list[tuple[str, str]] | None = None) -> bytes:
    """A complete response with a length."""
    fields = [("Content-Type", "application/json"), ("X-Request-Id", "f" * 32)] + (fields or [])
    head = f"HTTP/1.1 {status} Status\r\n" + "".join(f"{n}: {v}\r\n" for n, v in fields) + f"Content-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def head(length: int, content_type: str = "application/zip") -> bytes:
    return f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nX-Request-Id: {'e' * 32}\r\nContent-Length: {length}\r\n\r\n".encode()


def reset(connection: socket.socket):
    """Ends a connection with RST: a linger time of zero does that (socket(7))."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


class Upstream:
    """Calls `self.handler(request, connection)` for each request, one thread per connection.

    A handler returns bytes to send, or None if it has sent the answer itself. Closing the connection in it ends the thread.
    """

    def __init__(self, context: ssl.SSLContext | None = None, host: str = "127.0.0.1", port: int = 0):
        self.context = context
        self.requests: list[Received] = []
        self.handler = lambda request, connection: answer()
        self._connections: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listener = Listener(self._serve, host, port)
        self.address = f"127.0.0.1:{self._listener.port}"
        self.url = f"{'https' if context else 'http'}://{'localhost' if context else '127.0.0.1'}:{self._listener.port}"

    def close(self):
        """Ends everything; may be called again."""
        self._listener.close()
        with self._lock:
            connections = list(self._connections)
        for connection in connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def wait_for(self, count: int) -> list[Received]:
        eventually(lambda: len(self.requests) >= count, f"request {count} at the upstream")
        return self.requests

    def _serve(self, connection: socket.socket, number: int):
        with self._lock:
            self._connections.add(connection)
        plain = connection
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.context:
                connection = self.context.wrap_socket(connection, server_side=True)
            buffer = b""
            while True:
                while b"\r\n\r\n" not in buffer:
                    data = connection.recv(65536)
                    if not data:
                        return
                    buffer += data
                end = buffer.index(b"\r\n\r\n") + 4
                received = Received(buffer[:end], b"", number)
                length = int((received.values("Content-Length") or ["0"])[0])
                while len(buffer) < end + length:
                    data = connection.recv(1 << 20)
                    if not data:
                        return
                    buffer += data
                received.body, buffer = buffer[end : end + length], buffer[end + length :]
                with self._lock:
                    self.requests.append(received)
                response = self.handler(received, connection)
                if response:
                    connection.sendall(response)
        except (OSError, ValueError):
            return
        finally:
            with self._lock:
                self._connections.discard(plain)
            connection.close()
