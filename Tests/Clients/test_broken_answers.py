"""Answers of HSS that end too early: the received part is passed on, then the connection is cut."""

import fcntl
import socket
import ssl
import termios
import threading
import time

import pytest

from harness import http2, wire
from harness.certificates import Authority
from harness.deadline import eventually
from harness.listener import Listener
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


def closing(gateway, count: int) -> dict:
    """The closing record of a request, the latest of so many, once it exists."""
    found = eventually(lambda: len(found := gateway.journal.closings_after(-1)) >= count and found, f"closing record {count}")
    assert len(found) == count
    return found[-1]


@pytest.mark.parametrize("framing", BEGUN)
def test_what_came_with_the_end_of_the_connection_is_no_bare_reset(upstream, start, framing):
    upstream.handler = lambda request, connection: connection.sendall(BEGUN[framing]) or connection.close()
    gateway = start(upstream.url)
    for number in range(20):
        with wire.Connection(gateway.data) as caller:
            caller.send(wire.request("GET", READ))
            received, _ = rest(caller.socket)
        head, _, body = received.partition(b"\r\n\r\n")
        record = closing(gateway, number + 1)
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
    record = closing(gateway, 1)
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


#: Of these libcurl makes a trailer without a colon.
MALFORMED_ENDS = {"a trailer": b"2\r\n{}\r\n0\r\nno field\r\n\r\n", "a chunk": b"0x2\r\n{}\r\n0\r\n\r\n"}


@pytest.mark.parametrize("end", MALFORMED_ENDS)
def test_an_answer_whose_end_is_malformed_is_hss_s_fault_and_no_fault_of_the_gateway(upstream, start, end):
    def handler(request, connection):
        status = b"401 Unauthorized" if request.method == "POST" else b"200 OK"
        fields = b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        connection.sendall(b"HTTP/1.1 " + status + b"\r\n" + fields + MALFORMED_ENDS[end])

    upstream.handler = handler
    gateway = start(upstream.url)
    # A 401 is read to its end before anything of it is passed on.
    held = gateway.call("POST", EXPORT, JSON, b"{}")
    assert (held.status, held.error_code) == (502, "HSSGW.5022") and "may have executed" in held.json["hint"]
    assert gateway.journal.closing(held.value("Audit-Id"))["upstream"]["error"] == "protocol"
    with pytest.raises(wire.Truncated):
        gateway.call("GET", READ)
    record = closing(gateway, 2)
    assert (record["outcome"], record["upstream"]["error"]) == ("failure", "protocol")


def test_an_answer_that_breaks_off_while_it_is_held_is_said_to_have_begun(upstream, start):
    upstream.handler = lambda request, connection: connection.sendall(BEGUN["a length"].replace(b"200 OK", b"401 Unauthorized")) or connection.close()
    gateway = start(upstream.url)
    held = gateway.call("GET", READ)
    assert (held.status, held.error_code) == (502, "HSSGW.5022") and "broke off" in held.json["error_msg"]


JSON = [("Content-Type", "application/json")]
#: An operation that takes any JSON, and a body that no socket takes at once.
EXPORT = "/v5/_/image/baseline/export"
BODY = b'{"a":"' + b"a" * (8 << 20) + b'"}'
#: One piece, and more than is read at a time.
WHOLE = {"short": b'{"task_id":"t1"}', "long": b'{"task_id":"' + b"t" * 300_000 + b'"}'}
FIELDS = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def in_chunks(body: bytes) -> bytes:
    return b"Transfer-Encoding: chunked\r\n\r\n%x\r\n" % len(body) + body + b"\r\n0\r\n\r\n"


class Hasty:
    """Answers as soon as a request's head is there, reads no more, and then ends the connection or doesn't."""

    def __init__(self, answer: bytes, end: str, context=None):
        self.answer, self.end, self.context, self.kept = answer, end, context, []
        self.listener = Listener(self.serve)
        self.url = f"{'https://localhost' if context else 'http://127.0.0.1'}:{self.listener.port}"

    def serve(self, connection, number):
        if self.context:
            connection = self.context.wrap_socket(connection, server_side=True)
        received = b""
        while b"\r\n\r\n" not in received:
            received += connection.recv(1024)
        if self.end == "reset":
            self.wait_until_no_more_comes(connection)
        self.kept.append(connection)
        connection.sendall(self.answer)
        if self.end == "half":
            socket.socket.shutdown(connection, socket.SHUT_WR)
        if self.end == "reset":
            connection.close()  # with unread input

    @staticmethod
    def wait_until_no_more_comes(connection):
        """What is written when the reset comes fails, and the system may drop the answer with it: so the sender has to be waiting."""
        waiting, since = None, time.monotonic()

        def is_full() -> bool:
            nonlocal waiting, since
            now = fcntl.ioctl(connection.fileno(), termios.FIONREAD, b"\0" * 4)
            if now != waiting:
                waiting, since = now, time.monotonic()
            # A sender that a busy machine holds up is not one that waits.
            return time.monotonic() - since > 0.5

        eventually(is_full, "a full buffer")


#: An answer that the peer's system has not accepted yet is lost with a reset.
CASES = [(end, size) for end in ("half", "silence") for size in WHOLE] + [("reset", "short")]


@pytest.mark.parametrize("tls", [False, True], ids=["tcp", "tls"])
@pytest.mark.parametrize("end, size", CASES)
@pytest.mark.parametrize("framing", ["length", "chunks"])
def test_an_answer_that_is_whole_before_the_request_is_passed_on(start, tmp_path, framing, end, size, tls):
    """RFC 9112 sections 9.3 and 9.6: the rest of the upload is in vain, and the answer is not."""
    body = WHOLE[size]
    answer = FIELDS + (in_chunks(body) if framing == "chunks" else b"Content-Length: %d\r\n\r\n" % len(body) + body)
    context, change = None, None
    if tls:
        authority = Authority(tmp_path / "authority")
        certificate, key = authority.issue("hss", "DNS:localhost", usage="serverAuth")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)

        def change(document):
            document["upstream"]["ca_file"] = authority.certificate

    hasty = Hasty(answer, end, context)
    gateway = start(hasty.url, change)
    for number in range(5):
        response = gateway.call("POST", EXPORT, JSON, BODY)
        assert (response.status, response.body) == (200, body)
        record = closing(gateway, number + 1)
        assert (record["status"], record["outcome"]) == (200, "success") and "error" not in record["upstream"], record
    hasty.listener.close()
    assert len(hasty.kept) == 5, "a connection with half a request on it is used no more"
