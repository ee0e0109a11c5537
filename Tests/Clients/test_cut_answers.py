"""Answers that are interrupted: the record contains what the caller got, and a slow caller gets all that was received."""

import hashlib
import random
import shutil
import socket
import ssl
import struct
import tempfile
import time
from pathlib import Path

import pytest

from harness import wire
from harness.certificates import Authority
from harness.deadline import eventually
from harness.http2 import RST_STREAM, WINDOW_UPDATE, Connection as HTTP2Connection, frame, request
from harness.upstream import head

FILE = "/v5/_/download/some-file"
# What the caller reads before it disconnects: more than the gateway could miss at a time.
READ = 4 << 20
CONTENT = random.Random(7).randbytes(12 << 20)
# The most that one TLS record may contain beyond the receive buffer.
RECORD = 1 << 14
# Loopback's segments have up to 64 KiB, and not each of them is acknowledged at once.
UNACKNOWLEDGED = 4 << 16


@pytest.fixture
def short_directory():
    """A Unix socket's path has at most 107 bytes (unix(7))."""
    directory = Path(tempfile.mkdtemp(prefix="hssgw-"))
    yield directory
    shutil.rmtree(directory)


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path / "authority")


@pytest.fixture
def gateway(upstream, start, short_directory, authority):
    certificate, key = authority.issue("server", "DNS:gateway.test,IP:127.0.0.1", usage="serverAuth")

    def change(document):
        document["listeners"] += [
            {"name": "local", "unix": str(short_directory / "gateway.sock"), "mode": "0600"},
            {"name": "safe", "address": "127.0.0.1:0", "tls": {"certificate_file": certificate, "private_key_file": key}},
        ]
        # A peer on a Unix socket has no address that a caller could be recognised by.
        document["callers"].append({"name": "anonymous", "projects": ["prod"]})

    return start(upstream.url, change)


def over_http1(gateway, way: str, short_directory, authority) -> wire.Connection:
    if way == "unix":
        return wire.Connection(str(short_directory / "gateway.sock"))
    plain = wire.Connection(gateway.addresses["listener.safe"] if way == "tls" else gateway.data, receive_buffer=65_536)
    if way == "tcp":
        return plain
    context = ssl.create_default_context(cafile=authority.certificate)
    return wire.Connection.over(context.wrap_socket(plain.socket, server_hostname="gateway.test"))


def over_http2(gateway) -> HTTP2Connection:
    """Windows that never block: data waits in the sockets."""
    connection = HTTP2Connection(gateway.data, settings=struct.pack(">HI", 4, 1 << 30))
    connection.send(frame(WINDOW_UPDATE, 0, 0, struct.pack(">I", 1 << 30)))
    return connection


def download_record(gateway) -> dict:
    def look():
        return next((r for r in gateway.journal.records() if r["phase"] == "response" and r["kind"] == "download"), None)

    return eventually(look, "the download's record")


@pytest.mark.parametrize("way", ["tcp", "unix", "tls", "http2"])
def test_of_a_caller_that_left_the_record_says_what_reached_it(way, gateway, upstream, short_directory, authority):
    def endless(received, connection):
        connection.sendall(head(1 << 40))
        while True:
            connection.sendall(CONTENT)

    upstream.handler = endless
    if way == "http2":
        with over_http2(gateway) as connection:
            connection.headers(1, request(FILE.encode()))
            connection.until(lambda: len(connection.bodies.get(1, b"")) >= READ, "the first part")
            connection.send(frame(RST_STREAM, 0, 1, struct.pack(">I", 8)))
            record = download_record(gateway)
            # Data on its own machine counts as received, read or not.
            got, held = len(connection.bodies[1]), connection.socket.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)
    else:
        with over_http1(gateway, way, short_directory, authority) as connection:
            connection.send(wire.request("GET", FILE))
            connection.head()
            connection.take(READ)
            got = READ + len(connection.buffer)
            held = 0 if way == "unix" else connection.socket.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) + RECORD
        record = download_record(gateway)
    assert record["outcome"] == "failure" and record["upstream"]["error"] == "caller_left"
    body, unacknowledged = record["response_body"], record.get("detail", {}).get("unacknowledged_bytes", 0)
    # At most what reached it; the rest was on its way. No digest of anything but what it got.
    assert 0 < body["bytes"] <= got + held and ("sha256" in body) == (unacknowledged == 0)
    assert body["bytes"] + unacknowledged >= got
    if way in ("tcp", "tls"):
        assert body["bytes"] >= got - held - UNACKNOWLEDGED


@pytest.mark.parametrize("way", ["tcp", "unix", "tls", "http2"])
def test_a_slow_caller_gets_all_of_what_hss_sent_before_it_broke_off(way, gateway, upstream, short_directory, authority):
    def break_off(received, connection):
        connection.sendall(head(1 << 40) + CONTENT)
        connection.close()

    upstream.handler = break_off
    if way == "http2":
        with over_http2(gateway) as connection:
            connection.headers(1, request(FILE.encode()))
            connection.until(lambda: 1 in connection.resets, "the end of the stream")
            received, whole = connection.bodies[1], 1 in connection.ended
    else:
        with over_http1(gateway, way, short_directory, authority) as connection:
            connection.send(wire.request("GET", FILE))
            connection.head()
            with pytest.raises(wire.Truncated) as cut:
                connection.take(1 << 40)
            received, whole = cut.value.received, False
    assert not whole
    record = download_record(gateway)
    assert record["upstream"]["error"] == "truncated" and "unacknowledged_bytes" not in record.get("detail", {})
    assert record["response_body"] == {"bytes": len(received), "sha256": hashlib.sha256(received).hexdigest()}
    assert received == CONTENT[: len(received)]


def test_where_only_a_reset_can_show_that_an_answer_is_not_whole_what_it_destroys_is_not_counted(gateway, upstream):
    def break_off(received, connection):
        # Without a length, and with chunks, which HTTP/1.0 doesn't support.
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/zip\r\nTransfer-Encoding: chunked\r\n\r\n")
        connection.sendall(b"%x\r\n" % len(CONTENT) + CONTENT + b"\r\n5\r\nab")
        connection.close()

    upstream.handler = break_off
    with wire.Connection(gateway.data, receive_buffer=65_536) as connection:
        connection.send(f"GET {FILE} HTTP/1.0\r\nHost: x\r\n\r\n".encode())
        connection.head()
        with pytest.raises(wire.Truncated, match="reset") as cut:
            connection.take(1 << 40)
        held = connection.socket.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)
    record = download_record(gateway)
    missing = record.get("detail", {}).get("unacknowledged_bytes", 0)
    assert record["response_body"]["bytes"] <= len(cut.value.received) + held
    assert ("sha256" in record["response_body"]) == (missing == 0)
    assert record["response_body"]["bytes"] + missing >= len(cut.value.received)


def test_a_pause_at_the_end_of_a_last_answer_cuts_nothing_off(gateway, upstream):
    upstream.handler = lambda received, connection: head(len(CONTENT)) + CONTENT
    with wire.Connection(gateway.data, receive_buffer=65_536) as connection:
        connection.send(wire.request("GET", FILE, [("Connection", "close")]))
        connection.head()
        # By now HSS has sent all of it, and the rest waits for the caller: longer than a finished connection lingers.
        early = connection.take(len(CONTENT) - (1 << 20))
        time.sleep(4)
        assert early + connection.take(1 << 20) == CONTENT
    assert download_record(gateway)["outcome"] == "success"
