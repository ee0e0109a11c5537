"""Raw HTTP/2 frames, for what no well-behaved client sends."""

import socket
import ssl
import struct
import time

from hpack import Decoder, Encoder

from harness.wire import parse_address

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = range(10)
END_STREAM, END_HEADERS, PADDED, ACK = 0x1, 0x4, 0x8, 0x1
PATIENCE = 60.0


def frame(kind: int, flags: int, stream: int, payload: bytes = b"") -> bytes:
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def literal(name: bytes, value: bytes) -> bytes:
    """A field without indexing and without Huffman coding: every byte as it is."""

    def text(data: bytes) -> bytes:
        length = len(data)
        if length < 127:
            return bytes([length]) + data
        out, length = bytes([127]), length - 127
        while length >= 128:
            out, length = out + bytes([length % 128 + 128]), length // 128
        return out + bytes([length]) + data

    return b"\x00" + text(name) + text(value)


def block(fields) -> bytes:
    return b"".join(literal(name, value) for name, value in fields)


def request(path: bytes, *extra: tuple[bytes, bytes], method: bytes = b"GET", authority: bytes = b"gateway.test") -> list[tuple[bytes, bytes]]:
    return [(b":method", method), (b":scheme", b"http"), (b":authority", authority), (b":path", path), *extra]


class Connection:
    """A connection that has sent its preface; `events` reads the input."""

    def __init__(self, address: str, context: ssl.SSLContext | None = None, settings: bytes = b"", greets: bool = True):
        connected = socket.create_connection(parse_address(address), timeout=PATIENCE)
        self._begin(context.wrap_socket(connected, server_hostname="gateway.test") if context else connected)
        if greets:
            self.send(PREFACE + frame(SETTINGS, 0, 0, settings))

    @classmethod
    def over(cls, connected: socket.socket) -> "Connection":
        """The same over a connected socket, with nothing sent yet."""
        connection = cls.__new__(cls)
        connection._begin(connected)
        return connection

    def _begin(self, connected: socket.socket):
        if connected.family != socket.AF_UNIX:
            # Small frames would wait for the acknowledgement of those before.
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = connected
        self.buffer = b""
        self.decoder = Decoder()
        self.status: dict[int, int] = {}
        self.bodies: dict[int, bytes] = {}
        self.ended: set[int] = set()
        self.resets: dict[int, int] = {}
        self.goaway: int | None = None
        # The last streams that goodbyes have named, in their order.
        self.last_streams: list[int] = []
        self.closed = False
        # What may still be sent on the connection (0) and on streams.
        self.windows: dict[int, int] = {0: 65_535}
        self.initial_window = 65_535

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data: bytes) -> bool:
        try:
            self.socket.sendall(data)
            return True
        except OSError:
            return False

    def headers(self, stream: int, fields, end: bool = True):
        self.send(frame(HEADERS, END_HEADERS | (END_STREAM if end else 0), stream, block(fields)))

    def body(self, stream: int, data: bytes, end: bool = True):
        """Sends a body as the windows allow."""
        self.windows.setdefault(stream, self.initial_window)
        while data:
            room = min(self.windows[0], self.windows[stream], 16_384)
            if not room:
                assert self.read(), "the connection ended in a body"
                continue
            piece, data = data[:room], data[room:]
            self.windows[0] -= len(piece)
            self.windows[stream] -= len(piece)
            self.send(frame(DATA, END_STREAM if end and not data else 0, stream, piece))

    def read(self) -> bool:
        """One frame; false at the connection's end."""
        try:
            while len(self.buffer) < 9 or len(self.buffer) < 9 + int.from_bytes(self.buffer[:3], "big"):
                data = self.socket.recv(65536)
                if not data:
                    self.closed = True
                    return False
                self.buffer += data
        except (ConnectionError, ssl.SSLError):
            self.closed = True
            return False
        length, kind, flags = int.from_bytes(self.buffer[:3], "big"), self.buffer[3], self.buffer[4]
        stream = int.from_bytes(self.buffer[5:9], "big") & 0x7FFFFFFF
        payload, self.buffer = self.buffer[9:9 + length], self.buffer[9 + length:]
        self._take(kind, flags, stream, payload)
        return True

    def _take(self, kind, flags, stream, payload):
        if kind == HEADERS:
            fields = dict(self.decoder.decode(payload))
            status = int(fields.get(":status", 0))
            if status >= 200:
                self.status[stream] = status
        elif kind == DATA:
            self.bodies[stream] = self.bodies.get(stream, b"") + payload
            if payload:
                self.send(frame(WINDOW_UPDATE, 0, 0, struct.pack(">I", len(payload))))
        elif kind == RST_STREAM:
            self.resets[stream] = int.from_bytes(payload, "big")
        elif kind == GOAWAY:
            self.goaway = int.from_bytes(payload[4:8], "big")
            self.last_streams.append(int.from_bytes(payload[:4], "big"))
        elif kind == SETTINGS and not flags & ACK:
            for offset in range(0, len(payload), 6):
                name, value = struct.unpack(">HI", payload[offset:offset + 6])
                if name == 4:
                    self.initial_window = value
            self.send(frame(SETTINGS, ACK, 0))
        elif kind == WINDOW_UPDATE:
            self.windows[stream] = self.windows.get(stream, self.initial_window) + int.from_bytes(payload, "big")
        if kind in (HEADERS, DATA) and flags & END_STREAM:
            self.ended.add(stream)

    def until(self, condition, what: str):
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, f"{what} did not come: {self.status} {self.resets} {self.goaway}"
            if not self.read():
                assert condition(), f"the connection ended before {what}: {self.status} {self.resets} {self.goaway}"
                return

    def until_done(self, *streams: int):
        self.until(lambda: all(s in self.ended or s in self.resets for s in streams), f"the answers on {streams}")
