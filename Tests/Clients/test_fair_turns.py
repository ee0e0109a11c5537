"""One caller's flood and the other callers: how much of one connection's input an event loop processes before it serves the next connection."""

import os
import signal
import socket
import ssl
import threading
import uuid

import pytest

from harness import http2, wire
from harness.certificates import Authority
from harness.deadline import eventually
from harness.http2 import DATA, END_HEADERS, END_STREAM, HEADERS, block, frame
from harness.process import PROJECT, configuration, serve

HOSTS = f"/v5/{PROJECT}/host-management/hosts?limit=10"
EXPORT = f"/v5/{PROJECT}/image/baseline/export?export_size=10"
# Less than one read of a connection that has sent much, and than the kernel's buffer of one that is not read.
ONE_READ = 30_000
# Bytes that make the gateway's reads as large as possible.
WARM_UP = 200_000


@pytest.fixture(scope="module")
def gateway(sandbox, tmp_path_factory):
    directory = tmp_path_factory.mktemp("fair")
    authority = Authority(directory / "authority")
    certificate, key = authority.issue("server", "DNS:gateway.test", usage="serverAuth")
    document = configuration(directory, sandbox.url)
    document["listeners"].append({"name": "secure", "address": "127.0.0.1:0", "tls": {"certificate_file": certificate, "private_key_file": key}})
    # One event loop. Most of a flood is recorded in summary records.
    gateway = serve(directory, document, {"HSSGW_WORKERS": "1", "HSSGW_LIMITS_REFUSALS_PER_SOURCE": "10/s"})
    gateway.authority = authority
    yield gateway
    gateway.stop()
    gateway.journal.check_form()


class Stopped:
    """While the process is stopped all input from callers waits in the kernel: then the result depends only on the gateway."""

    def __init__(self, gateway):
        self._pid = gateway.pid

    def __enter__(self):
        os.kill(self._pid, signal.SIGSTOP)
        eventually(lambda: open(f"/proc/{self._pid}/stat").read().rsplit(")", 1)[1].split()[0] == "T", "the stop")

    def __exit__(self, *_):
        os.kill(self._pid, signal.SIGCONT)


def context(gateway, protocol: str) -> ssl.SSLContext:
    made = ssl.create_default_context(cafile=gateway.authority.certificate)
    made.set_alpn_protocols([protocol])
    return made


def arrived(sender: socket.socket) -> int:
    """A sender's bytes in the receiver's kernel; a busy machine delivers them late even on loopback."""
    (_, own), (_, other) = sender.getsockname()[:2], sender.getpeername()[:2]
    for line in open("/proc/net/tcp").read().splitlines()[1:]:
        _, local, remote, _, queues = line.split()[:5]
        if (int(local.split(":")[1], 16), int(remote.split(":")[1], 16)) == (other, own):
            return int(queues.split(":")[1], 16)
    return 0


def send_behind(connection, data: bytes) -> threading.Thread:
    """Sends although the data isn't read."""
    thread = threading.Thread(target=connection.send, args=(data,), daemon=True)
    thread.start()
    return thread


class FloodOfHTTP1:
    """A small request thousands of times, followed by another request."""

    def __init__(self, gateway, secure: bool, flood: bytes):
        if secure:
            plain = wire.Connection(gateway.addresses["listener.secure"])
            self._connection = wire.Connection.over(
                context(gateway, "http/1.1").wrap_socket(plain.socket, server_hostname="gateway.test"))
        else:
            self._connection = wire.Connection(gateway.data)
        self.flood = flood + wire.request("GET", HOSTS)

    def warm_up(self) -> bytes:
        return wire.request("POST", EXPORT, [("Content-Type", "application/json")], b" " * WARM_UP + b"{}")

    def send(self, data: bytes):
        self._connection.send(data)

    def answer_to(self, _: str) -> str:
        """The record's identifier: records of all connections are numbered in the order in which their requests began. A refusal may have that of
        the summary record that counts it."""
        while (response := self._connection.response()).status != 200:
            assert response.status == 404, response
        return response.value("Audit-Id")

    def close(self):
        self._connection.close()


class IdentifiedStreams(http2.Connection):
    """Returns the identifier of each answer's record."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.identifiers: dict[int, str] = {}
        decode = self.decoder.decode

        def remember(payload: bytes):
            self._fields = dict(decode(payload))
            return list(self._fields.items())

        self.decoder.decode = remember

    def _take(self, kind, flags, stream, payload):
        super()._take(kind, flags, stream, payload)
        if kind == HEADERS and "audit-id" in self._fields:
            self.identifiers[stream] = self._fields["audit-id"]


class FloodOfHTTP2:
    STREAMS = {"warm": 1, "flooded": 3, "last": 5}

    def __init__(self, gateway, secure: bool, flood: bytes):
        address = gateway.addresses["listener.secure"] if secure else gateway.data
        self._connection = IdentifiedStreams(address, context(gateway, "h2") if secure else None)
        self.flood = self._head("flooded") + flood + self._head("last", END_STREAM)

    def _head(self, name: str, flags: int = 0) -> bytes:
        fields = http2.request(EXPORT.encode(), (b"content-type", b"application/json"), method=b"POST")
        return frame(HEADERS, END_HEADERS | flags, self.STREAMS[name], block(fields))

    def warm_up(self) -> bytes:
        # As much as the windows allow at once.
        return self._head("warm") + b"".join(frame(DATA, 0, 1, b" " * 16_000) for _ in range(4)) + frame(DATA, END_STREAM, 1, b"{}")

    def send(self, data: bytes):
        self._connection.send(data)

    def answer_to(self, name: str) -> str:
        stream = self.STREAMS[name]
        self._connection.until(lambda: stream in self._connection.identifiers, f"the answer to {name}")
        return self._connection.identifiers[stream]

    def close(self):
        self._connection.socket.close()


def of(piece: bytes) -> bytes:
    return piece * (ONE_READ // len(piece))


FLOODS = {
    "pipelined refusals": (FloodOfHTTP1, of(b"GET / HTTP/1.1\r\nHost:a\r\n\r\n")),
    "chunks of one byte": (
        FloodOfHTTP1,
        wire.request("POST", "/unknown", [("Transfer-Encoding", "chunked")]) + of(b"1\r\nx\r\n") + b"0\r\n\r\n"),
    "frames of one byte": (FloodOfHTTP2, of(frame(DATA, 0, 3, b" ")) + frame(DATA, END_STREAM, 3, b"{}")),
    "frames that nobody knows": (FloodOfHTTP2, of(frame(0xEE, 0, 0)) + frame(DATA, END_STREAM, 3, b"{}")),
}


@pytest.mark.parametrize("secure", [False, True], ids=["in the clear", "over TLS"])
@pytest.mark.parametrize("flood", FLOODS)
def test_who_comes_behind_a_flood_is_served_before_the_flood_is_done(gateway, flood, secure):
    kind, pieces = FLOODS[flood]
    flooder = kind(gateway, secure, pieces)
    with wire.Connection(gateway.data) as other:
        other.send(wire.request("GET", HOSTS))
        assert other.response().status == 200
        with Stopped(gateway):
            warm = send_behind(flooder, flooder.warm_up())
        warm.join(20)
        flooder.answer_to("warm")
        with Stopped(gateway):
            sending = send_behind(flooder, flooder.flood)
            sending.join(0.5)
            # It comes last, and is read in the same poll of the sockets.
            other.send(wire.request("GET", HOSTS))
            eventually(lambda: arrived(other.socket) > 0, "its arrival in the gateway's kernel")
        response = other.response()
        assert response.status == 200
        sending.join(20)
        assert uuid.UUID(response.value("Audit-Id")) < uuid.UUID(flooder.answer_to("last"))
    flooder.close()
