"""A test's HTTP/2 origin: decides the result of each stream, and stores what it executed."""

import contextlib
import re
import socket
import ssl
import struct
import threading
from dataclasses import dataclass

from hpack import Decoder

from harness.http2 import (
    ACK, CONTINUATION, DATA, END_HEADERS, END_STREAM, GOAWAY, HEADERS, PING, PREFACE, RST_STREAM, SETTINGS, block, frame,
)
from harness.listener import Listener

NO_ERROR, REFUSED_STREAM, HTTP_1_1_REQUIRED = 0, 7, 13


@dataclass
class Asked:
    """One complete request."""

    method: str
    path: str
    body: bytes
    connection: int
    # 0: it came over HTTP/1.1.
    stream: int


class End(Exception):
    """The connection ends."""


def serve(origin, connection, asked):
    """Executes a request and answers it."""
    origin.executed.append(asked)
    fields = [(b":status", b"200"), (b"content-type", b"application/json")]
    connection.sendall(frame(HEADERS, END_HEADERS, asked.stream, block(fields)) + frame(DATA, END_STREAM, asked.stream, b'{"task_id":"t1"}'))


def refuse(origin, connection, asked):
    """Refuses the stream as not processed."""
    connection.sendall(frame(RST_STREAM, 0, asked.stream, struct.pack(">I", REFUSED_STREAM)))


def require_http1(origin, connection, asked):
    """Refuses the stream as not processed, since this origin requires HTTP/1.1 for it."""
    connection.sendall(frame(RST_STREAM, 0, asked.stream, struct.pack(">I", HTTP_1_1_REQUIRED)))


def leave_out(origin, connection, asked):
    """Ends the connection, with this stream after the last processed one."""
    connection.sendall(frame(GOAWAY, 0, 0, struct.pack(">II", max(asked.stream - 2, 0), NO_ERROR)))


def leave_out_and_close(origin, connection, asked):
    leave_out(origin, connection, asked)
    raise End


def take_and_close(origin, connection, asked):
    """Executes a request, reports that it did, and disconnects before the answer."""
    origin.executed.append(asked)
    connection.sendall(frame(GOAWAY, 0, 0, struct.pack(">II", asked.stream, NO_ERROR)))
    raise End


def execute_and_close(origin, connection, asked):
    """Executes a request and disconnects without a frame."""
    origin.executed.append(asked)
    raise End


def serve_and_leave(origin, connection, asked):
    """Answers, and accepts no more on this connection."""
    connection.sendall(frame(GOAWAY, 0, 0, struct.pack(">II", asked.stream, NO_ERROR)))
    serve(origin, connection, asked)


class Http2Origin:
    """One of the `acts` is used for each request; after the last, requests are served."""

    def __init__(self, context: ssl.SSLContext | None = None, host: str = "127.0.0.1", port: int = 0):
        self.context = context
        self.acts: list = []
        self.asked: list[Asked] = []
        self.executed: list[Asked] = []
        self._lock = threading.Lock()
        self._listener = Listener(self._serve, host, port)
        scheme, host = ("https", "localhost") if context else ("http", "127.0.0.1")
        self.port = self._listener.port
        self.url = f"{scheme}://{host}:{self._listener.port}"

    def close(self):
        self._listener.close()

    @property
    def connections(self) -> int:
        return self._listener.accepted

    def _serve(self, connection: socket.socket, number: int):
        try:
            if self.context:
                connection = self.context.wrap_socket(connection, server_side=True)
            if self.context and connection.selected_alpn_protocol() == "http/1.1":
                self._converse_as_of_old(connection, number)
            else:
                self._converse(connection, number)
        except End:
            finish(connection)
        except OSError:
            pass
        finally:
            connection.close()

    def _converse_as_of_old(self, connection: socket.socket, number: int):
        """HTTP/1.1, on a connection that negotiated it: every request is executed."""
        while True:
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                head += take(connection, 1)
            method, path, _ = head.split(b"\r\n")[0].decode().split(" ")
            length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
            asked = Asked(method, path, take(connection, int(length[1])) if length else b"", number, 0)
            with self._lock:
                self.asked.append(asked)
                self.executed.append(asked)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n{\"task_id\":\"t1\"}")

    def _converse(self, connection: socket.socket, number: int):
        decoder = Decoder()
        heads: dict[int, dict[str, str]] = {}
        bodies: dict[int, bytes] = {}
        assert take(connection, len(PREFACE)) == PREFACE
        connection.sendall(frame(SETTINGS, 0, 0))
        fragments = b""
        while True:
            header = take(connection, 9)
            kind, flags, stream = header[3], header[4], struct.unpack(">I", header[5:])[0] & 0x7FFFFFFF
            payload = take(connection, int.from_bytes(header[:3], "big"))
            if kind == SETTINGS and not flags & ACK:
                connection.sendall(frame(SETTINGS, ACK, 0))
            elif kind == PING and not flags & ACK:
                connection.sendall(frame(PING, ACK, 0, payload))
            elif kind in (HEADERS, CONTINUATION):
                # The flag of a priority is the only other that libcurl sets.
                fragments += payload[5:] if kind == HEADERS and flags & 0x20 else payload
                if flags & END_HEADERS:
                    heads[stream], fragments = dict(decoder.decode(fragments)), b""
                    bodies[stream] = b""
            elif kind == DATA:
                bodies[stream] += payload
            if kind in (HEADERS, DATA) and flags & END_STREAM:
                head = heads.pop(stream)
                asked = Asked(head[":method"], head[":path"], bodies.pop(stream), number, stream)
                with self._lock:
                    self.asked.append(asked)
                    act = self.acts.pop(0) if self.acts else serve
                act(self, connection, asked)


def finish(connection: socket.socket):
    """Ends sending and reads the remaining input: a close with unread bytes would be a reset, which may overtake the last frame."""
    with contextlib.suppress(OSError):
        connection.settimeout(10)
        socket.socket.shutdown(connection, socket.SHUT_WR)
        while socket.socket.recv(connection, 1 << 16):
            pass


def take(connection: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        piece = connection.recv(count - len(data))
        if not piece:
            raise End
        data += piece
    return data
