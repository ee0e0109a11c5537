"""Raw HTTP/1.1 bytes."""

import json
import socket
from dataclasses import dataclass, field
from pathlib import Path

from harness.deadline import PATIENCE_SECONDS

# Linux's number, which older Pythons don't name (ip(7)).
IP_BIND_ADDRESS_NO_PORT = 24


class Truncated(Exception):
    """The connection ended before the message did; `received` is the received part of its body."""

    def __init__(self, received: bytes, reason: str):
        super().__init__(f"{reason} after {len(received)} bytes")
        self.received = received


@dataclass
class Response:
    status: int
    fields: list[tuple[str, str]]
    body: bytes = b""
    interim: list[int] = field(default_factory=list)

    def values(self, name: str) -> list[str]:
        return [value for key, value in self.fields if key.lower() == name.lower()]

    def value(self, name: str) -> str | None:
        values = self.values(name)
        assert len(values) < 2, f"{name} stands {len(values)} times"
        return values[0] if values else None

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def error_code(self) -> str | None:
        return self.json.get("error_code")


def parse_address(text: str) -> tuple[str, int]:
    host, port = text.rsplit(":", 1)
    return host.strip("[]"), int(port)


class Connection:
    """A client's connection, over TCP (`host:port`) or a Unix socket (a path)."""

    def __init__(self, address: str, timeout: float = PATIENCE_SECONDS, receive_buffer: int | None = None, source: str | None = None):
        if address.startswith("/"):
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.settimeout(timeout)
            self.socket.connect(address)
        else:
            self.socket = socket.socket()
            # Set before connecting: the window in the handshake depends on it.
            if receive_buffer:
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
            self.socket.settimeout(timeout)
            if source:
                # The port is chosen while connecting: one of those that no server gets, also not one that is away for a moment.
                self.socket.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
                self.socket.bind((source, 0))
            self.socket.connect(parse_address(address))
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""

    @classmethod
    def over(cls, connected: socket.socket) -> "Connection":
        """The same over a connected socket, for example with TLS."""
        connection = cls.__new__(cls)
        connection.socket, connection.buffer = connected, b""
        return connection

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def send(self, data: bytes):
        self.socket.sendall(data)

    def _more(self) -> bool:
        data = self.socket.recv(65536)
        self.buffer += data
        return bool(data)

    def _line(self) -> bytes:
        while b"\r\n" not in self.buffer:
            if not self._more():
                raise Truncated(self.buffer, "closed in a line")
        line, self.buffer = self.buffer.split(b"\r\n", 1)
        return line

    def head(self) -> Response:
        """Status line and fields of the next response; interim ones are collected."""
        interim = []
        while True:
            version, status, *_ = self._line().decode("latin-1").split(" ", 2)
            assert version == "HTTP/1.1", version
            fields = []
            while line := self._line():
                name, value = line.decode("latin-1").split(":", 1)
                assert name == name.strip(), f"blanks around the name {name!r}"
                fields.append((name, value.strip(" \t")))
            if int(status) >= 200:
                return Response(int(status), fields, interim=interim)
            interim.append(int(status))

    def take(self, count: int) -> bytes:
        while len(self.buffer) < count:
            try:
                if not self._more():
                    raise Truncated(self.buffer, "closed")
            except ConnectionResetError:
                raise Truncated(self.buffer, "reset") from None
        data, self.buffer = self.buffer[:count], self.buffer[count:]
        return data

    def _chunks(self) -> bytes:
        body = b""
        try:
            while size := int(self._line().split(b";")[0], 16):
                body += self.take(size)
                assert self.take(2) == b"\r\n"
            while self._line():
                pass
        except Truncated as error:
            raise Truncated(body + error.received, "closed in a chunk") from None
        except ConnectionResetError:
            raise Truncated(body, "reset") from None
        return body

    def response(self, to_head: bool = False) -> Response:
        response = self.head()
        if to_head or response.status in (204, 304):
            return response
        lengths, codings = response.values("Content-Length"), response.values("Transfer-Encoding")
        assert len(lengths) + len(codings) == 1, f"framing is ambiguous: {response.fields}"
        response.body = self._chunks() if codings else self.take(int(lengths[0]))
        return response

    def is_closed(self) -> bool:
        """Whether nothing more comes: waits for the end and checks that it is one."""
        if self.buffer:
            return False
        try:
            return self.socket.recv(1) == b""
        except ConnectionResetError:
            return True


def request(
    method: str, target: str, fields: list[tuple[str, str]] | None = None, body: bytes | None = None, host: str = "gateway:8080"
) -> bytes:
    """The bytes of a request; `Host` and `Content-Length` are added if `fields` doesn't have them."""
    fields = list(fields or [])
    names = {name.lower() for name, _ in fields}
    if "host" not in names:
        fields.insert(0, ("Host", host))
    if body is not None and "content-length" not in names and "transfer-encoding" not in names:
        fields.append(("Content-Length", str(len(body))))
    head = f"{method} {target} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields) + "\r\n"
    return head.encode("latin-1") + (body or b"")


def call(address: str, method: str, target: str, fields=None, body: bytes | None = None, timeout: float = PATIENCE_SECONDS) -> Response:
    """One request on a connection of its own."""
    with Connection(address, timeout) as connection:
        connection.send(request(method, target, fields, body))
        return connection.response(to_head=method == "HEAD")


def call_json(address: str, method: str, target: str, document) -> Response:
    return call(address, method, target, [("Content-Type", "application/json")], json.dumps(document).encode())


def state_at_the_gateway(connection: socket.socket) -> str | None:
    """The state of the gateway's end of a connection (`tcp_states.h` of Linux), nil when it is gone."""
    remote, local = connection.getpeername()[1], connection.getsockname()[1]
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if int(fields[1].split(":")[1], 16) == remote and int(fields[2].split(":")[1], 16) == local:
            return fields[3]
    return None
