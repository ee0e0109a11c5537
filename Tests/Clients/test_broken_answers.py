"""Answers of HSS that end too early: the received part is passed on, then the connection is cut."""

import socket
import threading

import pytest

from harness import http2, wire
from harness.process import PROJECT
from harness.upstream import answer

READ = f"/v5/{PROJECT}/host-management/hosts?limit=10"
BEGUN = {
    "a length": b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n" + b"begun",
    "chunks": b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbegun\r\n",
}


def rest(connection: socket.socket) -> tuple[bytes, bool]:
    """All received data, and whether it ended with a reset."""
    received = b""
    while True:
        try:
            data = connection.recv(65_536)
        except ConnectionError:
            return received, True
        if not data:
            return received, False
        received += data


@pytest.mark.parametrize("framing", BEGUN)
def test_what_came_with_the_end_of_the_connection_is_no_bare_reset(upstream, start, framing):
    upstream.handler = lambda request, connection: connection.sendall(BEGUN[framing]) or connection.close()
    gateway = start(upstream.url)
    for _ in range(20):
        with wire.Connection(gateway.data) as caller:
            caller.send(wire.request("GET", READ))
            received, _ = rest(caller.socket)
        head, _, body = received.partition(b"\r\n\r\n")
        record = gateway.journal.closings_after(-1)[-1]
        assert head.startswith(b"HTTP/1.1 200") and b"begun" in body and not body.endswith(b"0\r\n\r\n"), received
        assert (record["status"], record["source"]) == (200, "upstream")
        assert record["outcome"] == "failure" and record["upstream"]["error"] == "truncated"


@pytest.mark.parametrize("framing", BEGUN)
def test_what_has_gone_out_is_cut(upstream, start, framing):
    seen = threading.Event()

    def handler(request, connection):
        connection.sendall(BEGUN[framing])
        seen.wait(20)
        connection.close()

    upstream.handler = handler
    gateway = start(upstream.url)
    with wire.Connection(gateway.data) as caller:
        caller.send(wire.request("GET", READ))
        received = b""
        while b"begun" not in received:
            received += caller.socket.recv(65_536)
        seen.set()
        received += rest(caller.socket)[0]
    assert received.startswith(b"HTTP/1.1 200") and not received.endswith(b"0\r\n\r\n")
    record = gateway.journal.closings_after(-1)[-1]
    assert (record["status"], record["outcome"]) == (200, "failure")


def test_over_http2_it_is_a_reset_behind_what_came(upstream, start):
    upstream.handler = lambda request, connection: connection.sendall(BEGUN["a length"]) or connection.close()
    gateway = start(upstream.url)
    with http2.Connection(gateway.data) as caller:
        for stream in range(1, 20, 2):
            caller.headers(stream, http2.request(READ.encode()))
            caller.until_done(stream)
            assert caller.status[stream] == 200 and caller.bodies[stream] == b"begun" and stream not in caller.ended
        upstream.handler = lambda request, connection: answer()
        caller.headers(21, http2.request(READ.encode()))
        caller.until_done(21)
        assert caller.status[21] == 200
