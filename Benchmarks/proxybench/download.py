"""Readers of large answers that use almost no CPU themselves."""

import selectors
import socket
import time

from .processes import BenchmarkError

CHUNK = 1 << 20
MOST_SECONDS = 120


def download(port: int, path: str, least: int) -> int:
    """Reads the whole answer; returns the bytes of its body and framing."""
    with _ask(port, path) as caller:
        total = _skip_head(caller)
        buffer = bytearray(CHUNK)
        deadline = time.monotonic() + MOST_SECONDS
        while time.monotonic() < deadline:
            # MSG_TRUNC: the kernel drops the bytes without copying them (tcp(7)).
            count = caller.recv_into(buffer, CHUNK, socket.MSG_TRUNC)
            if count == 0:
                break
            total += count
    if total < least:
        raise BenchmarkError(f"the download from port {port} ended after {total} bytes")
    return total


class SlowReaders:
    """Callers that read a large answer in small pieces."""

    def __init__(self, port: int, path: str, count: int):
        self._callers = [_ask(port, path, receive_buffer=64 * 1024) for _ in range(count)]
        self._ready = selectors.DefaultSelector()
        for caller in self._callers:
            caller.setblocking(False)
            self._ready.register(caller, selectors.EVENT_READ)

    def __enter__(self) -> "SlowReaders":
        return self

    def __exit__(self, *_) -> None:
        self._ready.close()
        for caller in self._callers:
            caller.close()

    def read(self, seconds: float, bytes_per_second: int) -> None:
        """Every 50 ms each caller with data reads its share."""
        pause = 0.05
        share = bytearray(int(bytes_per_second * pause))
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for key, _ in self._ready.select(timeout=0):
                if key.fileobj.recv_into(share) == 0:
                    raise BenchmarkError("a slow reader was cut off")
            time.sleep(pause)


def _ask(port: int, path: str, receive_buffer: int | None = None) -> socket.socket:
    caller = socket.socket()
    if receive_buffer is not None:
        caller.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    caller.settimeout(30)
    caller.connect(("127.0.0.1", port))
    caller.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
    return caller


def _skip_head(caller: socket.socket) -> int:
    """Reads the head; returns how many bytes of the body came with it."""
    head = b""
    while b"\r\n\r\n" not in head:
        piece = caller.recv(4096)
        if not piece:
            break
        head += piece
    if not head.startswith(b"HTTP/1.1 200"):
        raise BenchmarkError(f"the download was answered with {head[:80]!r}")
    return len(head.split(b"\r\n\r\n", 1)[1])
