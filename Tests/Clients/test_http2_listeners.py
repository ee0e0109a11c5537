"""HTTP/2 from callers: real clients, and every known way to abuse it."""

import json
import socket
import ssl
import struct
import subprocess
import threading
from contextlib import ExitStack, suppress
from functools import partial

import pytest
from hpack import Encoder

from harness import http2, wire
from harness.certificates import Authority
from harness.deadline import eventually
from harness.http2 import (
    CONTINUATION, DATA, END_HEADERS, END_STREAM, GOAWAY, HEADERS, PING, PRIORITY, RST_STREAM, SETTINGS, WINDOW_UPDATE, Connection, block, frame,
    literal, request,
)
from harness.process import PROJECT, configuration, serve
from harness.upstream import answer

HOSTS = f"/v5/{PROJECT}/host-management/hosts?limit=10".encode()
EXPORT = f"/v5/{PROJECT}/image/baseline/export?export_size=10".encode()


@pytest.fixture(scope="module")
def gateway(sandbox, tmp_path_factory):
    directory = tmp_path_factory.mktemp("http2")
    authority = Authority(directory / "authority")
    certificate, key = authority.issue("server", "DNS:gateway.test", usage="serverAuth")
    document = configuration(directory, sandbox.url)
    tls = {"certificate_file": certificate, "private_key_file": key}
    document["listeners"].append({"name": "secure", "address": "127.0.0.1:0", "tls": tls})
    gateway = serve(directory, document)
    gateway.context = ssl.create_default_context(cafile=authority.certificate)
    gateway.context.set_alpn_protocols(["h2"])
    yield gateway
    # After all attacks it serves requests, and has no open connection except the one used here.
    with Connection(gateway.data) as last:
        last.headers(1, request(HOSTS))
        last.until_done(1)
        assert last.status[1] == 200
    gateway.stop()
    gateway.journal.check_form()


@pytest.fixture(params=["in the clear", "over TLS"])
def connect(request, gateway):
    """Opens connections to the gateway, with TLS and without."""
    if request.param == "in the clear":
        return partial(Connection, gateway.data)
    return partial(Connection, gateway.addresses["listener.secure"], gateway.context)


def curl(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        ["curl", "-sS", "--noproxy", "*", "--max-time", "20", *arguments], capture_output=True, text=True, timeout=30)


def test_curl_speaks_it_with_prior_knowledge(gateway):
    url = f"http://{gateway.data}{HOSTS.decode()}"
    done = curl("--http2-prior-knowledge", "-w", "\n%{http_version} %{http_code}", url)
    assert done.stdout.splitlines()[-1] == "2 200", done
    posted = curl(
        "--http2-prior-knowledge", "-w", "\n%{http_version} %{http_code}", "-H", "Content-Type: application/json", "-d",
        '{"operate_all":true}',
        f"http://{gateway.data}{EXPORT.decode()}")
    assert posted.stdout.splitlines()[-1] == "2 200" and json.loads(posted.stdout.splitlines()[0])["task_id"]
    # An upgrade from HTTP/1.1 is ignored, as it may be.
    upgraded = curl("--http2", "-w", "\n%{http_version} %{http_code}", url)
    assert upgraded.stdout.splitlines()[-1] == "1.1 200", upgraded


def test_a_hundred_streams_at_once_are_answered_each_with_its_own(connect):
    with connect() as connection:
        streams = range(1, 200, 2)
        for stream in streams:
            connection.headers(stream, request(HOSTS, (b"x-request-id", b"id-%d" % stream)))
        connection.until_done(*streams)
        assert {connection.status.get(stream) for stream in streams} == {200}
        assert len({connection.bodies[stream] for stream in streams}) == 1


def test_a_body_in_many_pieces_arrives_whole_and_trailers_are_dropped(connect, sandbox):
    body = json.dumps({"operate_all": True, "note": "x" * 100_000}).encode()
    start = sandbox.ledger.total()
    with connect() as connection:
        connection.headers(1, request(EXPORT, (b"content-type", b"application/json"), method=b"POST"), end=False)
        connection.body(1, body, end=False)
        connection.send(frame(HEADERS, END_HEADERS | END_STREAM, 1, block([(b"x-auth-token", b"FORGED-IN-A-TRAILER")])))
        connection.until_done(1)
        assert connection.status[1] == 200, connection.bodies
    (entry,) = sandbox.ledger.entries(after=start)
    assert entry["body_bytes"] == len(body) and "FORGED" not in str(entry)


BAD_HEADS = {
    "no method": [(b":scheme", b"http"), (b":authority", b"a"), (b":path", HOSTS)],
    "no path": [(b":method", b"GET"), (b":scheme", b"http"), (b":authority", b"a")],
    "no scheme": [(b":method", b"GET"), (b":authority", b"a"), (b":path", HOSTS)],
    "no host at all": [(b":method", b"GET"), (b":scheme", b"http"), (b":path", HOSTS)],
    "two paths": request(HOSTS) + [(b":path", b"/v5/other")],
    "a pseudo field behind others": [(b"accept", b"*/*")] + request(HOSTS),
    "an unknown pseudo field": request(HOSTS) + [(b":protocol", b"websocket")],
    "another host": request(HOSTS, (b"host", b"other.test")),
    "user information": request(HOSTS, authority=b"user@gateway.test"),
    "a path in the authority": request(HOSTS, authority=b"gateway.test/x"),
    "connect": [(b":method", b"CONNECT"), (b":authority", b"gateway.test:443")],
    "a method with a blank": request(HOSTS, method=b"GET /x HTTP/1.1"),
    "a path with a line": request(HOSTS + b"\r\nx-auth-token: forged"),
    "a path with NUL": request(HOSTS + b"\0"),
    "a path that is none": request(b"v5/x"),
    "an absolute path": request(b"http://gateway.test" + HOSTS),
    "a line in a value": request(HOSTS, (b"x-language", b"a\r\nx-auth-token: forged")),
    "a bare line feed in a value": request(HOSTS, (b"x-language", b"a\nb")),
    "NUL in a value": request(HOSTS, (b"x-language", b"a\0b")),
    "a blank before a value": request(HOSTS, (b"x-language", b" a")),
    "a capital in a name": request(HOSTS, (b"X-Language", b"a")),
    "a blank in a name": request(HOSTS, (b"x language", b"a")),
    "a line in a name": request(HOSTS, (b"x\r\nx-auth-token", b"a")),
    "an empty name": request(HOSTS, (b"", b"a")),
    "connection": request(HOSTS, (b"connection", b"close")),
    "keep-alive": request(HOSTS, (b"keep-alive", b"1")),
    "transfer-encoding": request(HOSTS, (b"transfer-encoding", b"chunked")),
    "upgrade": request(HOSTS, (b"upgrade", b"h2c")),
    "te": request(HOSTS, (b"te", b"gzip")),
    "two lengths": request(HOSTS, (b"content-length", b"0"), (b"content-length", b"1")),
    "a length that is no number": request(HOSTS, (b"content-length", b"+0")),
    "a length without a body": request(HOSTS, (b"content-length", b"5")),
}


@pytest.mark.parametrize("name", BAD_HEADS)
def test_a_head_that_could_be_read_in_two_ways_reaches_nobody(connect, sandbox, name):
    start = sandbox.ledger.total()
    with connect() as connection:
        connection.headers(1, BAD_HEADS[name])
        connection.until(lambda: 1 in connection.ended or 1 in connection.resets or connection.goaway is not None or connection.closed, name)
        assert connection.status.get(1, 400) in (400, 403, 404), (connection.status, connection.bodies)
    assert sandbox.ledger.total() == start


@pytest.mark.parametrize(("declared", "sent"), [(5, b"1234"), (3, b"1234"), (0, b"x")])
def test_a_body_of_another_length_than_announced_reaches_nobody(connect, sandbox, declared, sent):
    start = sandbox.ledger.total()
    with connect() as connection:
        connection.headers(1, request(EXPORT, (b"content-length", b"%d" % declared), method=b"POST"), end=False)
        connection.send(frame(DATA, END_STREAM, 1, sent))
        connection.until_done(1)
        assert connection.status[1] == 400 and "Content-Length" in json.loads(connection.bodies[1])["error_msg"]
        assert sandbox.ledger.total() == start
        connection.headers(3, request(HOSTS))
        connection.until_done(3)
        assert connection.status[3] == 200


def test_a_refusal_before_the_end_of_the_body_says_so_and_stops_it(connect):
    with connect() as connection:
        length = b"%d" % (13 << 20)
        connection.headers(1, request(EXPORT, (b"content-length", length), method=b"POST"), end=False)
        connection.until_done(1)
        assert connection.status[1] == 413
        connection.until(lambda: 1 in connection.resets, "the reset")
        assert connection.resets[1] == 0
        connection.headers(3, request(HOSTS))
        connection.until_done(3)
        assert connection.status[3] == 200


def test_refused_uploads_hold_no_place_of_those_who_are_served(sandbox, start):
    def change(document):
        document["limits"]["in_flight"] = 2
        document["policy"] = [{"name": "reads", "callers": ["*"], "kinds": ["read"], "action": "allow"}]

    gateway = start(sandbox.url, change)
    with Connection(gateway.data) as refused, Connection(gateway.data) as served:
        streams = range(1, 100, 2)
        for stream in streams:
            refused.headers(stream, request(EXPORT, method=b"POST"), end=False)
        # The bodies never come.
        refused.until_done(*streams)
        assert {refused.status.get(stream) for stream in streams} == {403}
        served.headers(1, request(HOSTS))
        served.until_done(1)
        assert served.status[1] == 200
    with wire.Connection(gateway.data) as slow:
        slow.send(wire.request("POST", EXPORT.decode(), [("Content-Length", "20")]))
        for _ in range(3):
            assert gateway.call("GET", HOSTS.decode()).status == 200


def test_an_offer_of_a_huge_table_of_fields_is_not_taken_up(connect):
    with connect(settings=struct.pack(">HI", 1, 0xFFFFFFFF)) as connection:
        connection.decoder.max_allowed_table_size = 0xFFFFFFFF
        for number in range(200):
            connection.headers(2 * number + 1, request(HOSTS, (b"x-request-id", b"unique-%d" % number)))
            connection.until_done(2 * number + 1)
        assert set(connection.status.values()) == {200}
        table = connection.decoder.header_table
        assert table._current_size <= 4_096
        names = [name for name, _ in table.dynamic_entries]
        assert len(names) == len(set(names)) < 20, "what differs in every answer is not in the table"


def large_head(connection, size: int):
    fields = block(request(HOSTS, *[(b"x-%d" % number, b"v" * 1_000) for number in range(size // 1_000)]))
    pieces = [fields[offset:offset + 16_000] for offset in range(0, len(fields), 16_000)]
    for piece in pieces:
        last = END_HEADERS if piece is pieces[-1] else 0
        if piece is pieces[0]:
            connection.send(frame(HEADERS, END_STREAM | last, 1, piece))
        else:
            connection.send(frame(CONTINUATION, last, 1, piece))


# Directly after the preface, as most clients send it, the settings are not acknowledged yet.
@pytest.mark.parametrize("size", [17_000, 33_000, 60_000])
def test_a_head_up_to_the_limit_is_served(connect, size):
    with connect() as connection:
        large_head(connection, size)
        connection.until_done(1)
        assert connection.status[1] == 200


@pytest.mark.parametrize("size", [70_000, 130_000, 190_000])
def test_a_head_beyond_the_limit_is_431_and_the_connection_stays(connect, size):
    with connect() as connection:
        large_head(connection, size)
        connection.until_done(1)
        assert (connection.status[1], json.loads(connection.bodies[1])["error_code"]) == (431, "HSSGW.4310")
        connection.headers(3, request(HOSTS))
        connection.until_done(3)
        assert connection.status[3] == 200


def test_a_stream_that_is_reset_is_not_answered_and_the_others_are(connect):
    with connect() as connection:
        connection.headers(1, request(EXPORT, method=b"POST"), end=False)
        connection.send(frame(RST_STREAM, 0, 1, struct.pack(">I", 8)))
        connection.headers(3, request(HOSTS))
        connection.until_done(3)
        assert connection.status == {3: 200}


def test_an_answer_waits_for_the_window_and_comes_whole(connect):
    # A window of ten bytes: the head comes, then ten bytes for every ten that are read.
    with connect(settings=struct.pack(">HI", 4, 10)) as connection:
        connection.headers(1, request(HOSTS))
        connection.until(lambda: len(connection.bodies.get(1, b"")) == 10, "the first bytes")
        connection.send(frame(WINDOW_UPDATE, 0, 1, struct.pack(">I", 1 << 20)))
        connection.until_done(1)
        assert json.loads(connection.bodies[1])


# --- Abuse -------------------------------------------------------------------------------------------------------------------------

def rapid_reset(connection):
    for number in range(400):
        stream = 2 * number + 1
        connection.send(
            frame(HEADERS, END_HEADERS | END_STREAM, stream, block(request(HOSTS))) + frame(RST_STREAM, 0, stream, struct.pack(">I", 8)))


def continuation_flood(connection):
    connection.send(frame(HEADERS, END_STREAM, 1, block(request(HOSTS))))
    for _ in range(200):
        connection.send(frame(CONTINUATION, 0, 1, block([(b"x-padding", b"a" * 100)])))


def settings_flood(connection):
    for _ in range(2_000):
        connection.send(frame(SETTINGS, 0, 0))


def ping_flood(connection):
    for _ in range(2_000):
        connection.send(frame(PING, 0, 0, b"12345678"))


def priority_flood(connection):
    for number in range(2_000):
        connection.send(frame(PRIORITY, 0, 2 * number + 1, struct.pack(">IB", 0, 1)))


def empty_data_flood(connection):
    connection.headers(1, request(EXPORT, method=b"POST"), end=False)
    for _ in range(200):
        connection.send(frame(DATA, 0, 1))


def compression_bomb(connection):
    """One large field in the dynamic table, then thousands of references to it: two bytes each become four thousand."""
    encoder = Encoder()
    head = encoder.encode([(":method", "GET"), (":scheme", "http"), (":authority", "a"), (":path", HOSTS.decode())])
    big = b"\x40" + literal(b"x-bomb", b"b" * 4_000)[1:]
    payload = head + big + b"\xbe" * 10_000
    connection.send(frame(HEADERS, END_HEADERS | END_STREAM, 1, payload[:16_384]))


def huge_header_list(connection):
    fields = block(request(HOSTS, *[(b"x-%d" % number, b"v" * 1_000) for number in range(200)]))
    connection.send(frame(HEADERS, END_STREAM, 1, fields[:16_000]))
    pieces = [fields[offset:offset + 16_000] for offset in range(16_000, len(fields), 16_000)]
    for piece in pieces:
        connection.send(frame(CONTINUATION, END_HEADERS if piece is pieces[-1] else 0, 1, piece))


def endless_field(connection):
    fields = block(request(HOSTS, (b"x-long", b"v" * 80_000)))
    pieces = [fields[offset:offset + 16_000] for offset in range(0, len(fields), 16_000)]
    connection.send(frame(HEADERS, END_STREAM, 1, pieces[0]))
    for piece in pieces[1:]:
        connection.send(frame(CONTINUATION, END_HEADERS if piece is pieces[-1] else 0, 1, piece))


def oversized_frame(connection):
    connection.send(struct.pack(">I", 1 << 20)[1:] + bytes([DATA, 0]) + struct.pack(">I", 1) + b"x" * 65_536)


def data_beyond_the_window(connection):
    connection.headers(1, request(EXPORT, method=b"POST"), end=False)
    # If the gateway reads fast enough it opens the window again in time; then the limit of the body ends it.
    for _ in range(900):
        if not connection.send(frame(DATA, 0, 1, b"x" * 16_384)):
            break


def window_overflow(connection):
    for _ in range(3):
        connection.send(frame(WINDOW_UPDATE, 0, 0, struct.pack(">I", 0x7FFFFFFF)))


def even_stream(connection):
    connection.headers(2, request(HOSTS))


def data_on_an_idle_stream(connection):
    connection.send(frame(DATA, END_STREAM, 5, b"x"))


FATAL = [
    rapid_reset, continuation_flood, settings_flood, ping_flood, priority_flood, empty_data_flood, compression_bomb, huge_header_list,
    endless_field, oversized_frame, data_beyond_the_window, window_overflow, even_stream, data_on_an_idle_stream,
]


@pytest.mark.parametrize("abuse", FATAL, ids=lambda abuse: abuse.__name__)
def test_abuse_ends_the_connection_and_nobody_else_notices(connect, gateway, abuse):
    before = gateway.memory("VmRSS")
    with connect() as connection, connect() as other:
        abuse(connection)
        connection.until(
            lambda: connection.closed or connection.goaway is not None or connection.status.get(1) == 431 or 1 in connection.resets, "the end")
        other.headers(1, request(HOSTS))
        other.until_done(1)
        assert other.status[1] == 200
    assert gateway.memory("VmRSS") - before < 32 << 20


@pytest.mark.parametrize("kind", [0x77, GOAWAY], ids=["unknown", "GOAWAY"])
def test_frames_that_nobody_asked_for_keep_no_memory_however_many_and_wherever_packets_end(connect, gateway, kind):
    """16,000 bytes: packets of a stream that never pauses nearly always end within a frame."""
    one = frame(kind, 0, 0, b"\0" * 16_000)
    before = gateway.memory("VmRSS")
    with connect() as connection:
        for _ in range(1_000):
            if not connection.send(one * 4):
                break
        # The connection is open, and would have all its memory.
        assert gateway.memory("VmRSS") - before < 24 << 20


def test_heads_that_break_the_protocol_are_refused_and_too_many_of_them_end_the_connection(connect):
    faulty = [
        [(b"x-early", b"1"), *request(HOSTS)], [*request(HOSTS), (b":path", HOSTS)], [*request(HOSTS), (b"X-Upper", b"1")],
        [*request(HOSTS), (b"connection", b"close")], [*request(HOSTS), (b":protocol", b"websocket")], request(HOSTS)[:2],
    ]
    with connect() as connection:
        for number in range(300):
            stream = 2 * number + 1
            connection.headers(stream, faulty[number % len(faulty)])
            connection.until(lambda: stream in connection.ended or connection.goaway is not None or connection.closed, "the refusal")
            if connection.goaway is not None:
                break
        assert number == 200 and connection.goaway == 11
        assert set(connection.status.values()) == {400} and not connection.resets


def test_trailers_with_the_names_of_a_head_are_refused(connect):
    trailers = {1: ([(b":path", HOSTS)], 400), 3: ([(b"x-digest", b"1")], 200), 5: ([(b"transfer-encoding", b"chunked")], 400)}
    with connect() as connection:
        for stream, (fields, status) in trailers.items():
            connection.headers(stream, request(EXPORT, (b"content-type", b"application/json"), method=b"POST"), end=False)
            connection.send(frame(DATA, 0, stream, b'{"operate_all":true}') + frame(HEADERS, END_HEADERS | END_STREAM, stream, block(fields)))
            connection.until_done(stream)
            assert connection.status[stream] == status, connection.bodies


def test_more_streams_than_allowed_are_refused_and_no_more_than_those(connect):
    with connect() as connection:
        streams = range(1, 2 * 150, 2)
        connection.send(b"".join(frame(HEADERS, END_HEADERS, stream, block(request(EXPORT, method=b"POST"))) for stream in streams))
        connection.until(
            lambda: connection.goaway is not None or connection.closed or len(connection.resets) >= 50, "the refusals")
        # RFC 9113 section 8.7: REFUSED_STREAM means that nothing was done.
        assert connection.goaway not in (None, 0) or set(connection.resets.values()) == {7}


def test_a_preface_that_never_goes_on_is_not_kept_for_ever(sandbox, start):
    gateway = start(sandbox.url, lambda document: document["limits"].update(idle_timeout="1s", header_timeout="1s"))
    for begin in (b"P", http2.PREFACE[:10], http2.PREFACE, http2.PREFACE + frame(SETTINGS, 0, 0)):
        with wire.Connection(gateway.data) as connection:
            connection.send(begin)
            while connection.socket.recv(65_536):
                pass
    # A stream whose body never comes ends alone.
    with Connection(gateway.data, greets=False) as connection:
        # At once: a connection without a stream may end meanwhile.
        connection.send(http2.PREFACE + frame(SETTINGS, 0, 0) + frame(HEADERS, END_HEADERS, 1, block(request(EXPORT, method=b"POST"))))
        connection.until_done(1)
        assert connection.status[1] == 408


def begun(gateway) -> Connection:
    """A connection on which both sides have said and acknowledged their settings."""
    connection = Connection(gateway.data)
    connection.headers(1, request(HOSTS))
    connection.until_done(1)
    assert connection.status[1] == 200
    return connection


HEAD = block(request(HOSTS))
UNFINISHED = {
    "a head": frame(HEADERS, END_STREAM, 3, HEAD),
    "a head that goes on once": frame(HEADERS, END_STREAM, 3, HEAD) + frame(CONTINUATION, 0, 3, block([(b"x-a", b"b")])),
    "a frame": frame(HEADERS, END_STREAM | END_HEADERS, 3, HEAD)[:30],
    "trailers": frame(HEADERS, END_HEADERS, 3, block(request(EXPORT, method=b"POST"))) + frame(HEADERS, END_STREAM, 3, block([(b"x-a", b"b")])),
}


@pytest.mark.parametrize("beginning", UNFINISHED.values(), ids=UNFINISHED)
def test_a_head_that_never_ends_is_not_kept_for_ever(sandbox, start, beginning):
    gateway = start(sandbox.url, lambda document: document["limits"].update(header_timeout="1s"))
    with begun(gateway) as connection:
        connection.send(beginning)
        connection.until_done(3)
        assert (connection.status[3], json.loads(connection.bodies[3])["error_code"]) == (408, "HSSGW.4080")
        connection.until(lambda: connection.closed, "the end of the connection")
        assert connection.goaway == 0
    refused = [record for record in gateway.journal.records() if record.get("error_code") == "HSSGW.4080"]
    assert len(refused) == 1


# A field of four thousand bytes for the table, and then a byte for each time that it is meant.
LARGE_FIELD, AGAIN = b"\x40" + literal(b"x-large", b"v" * 4_000)[1:], b"\xbe"


def in_hand(gateway) -> int:
    (line,) = [line for line in gateway.metrics().splitlines() if line.startswith("hssgw_request_bodies_bytes ")]
    return int(line.split()[1])


def test_heads_that_unpack_into_many_bytes_count_against_the_limit_of_bodies(sandbox, start):
    """Four kilobytes for each connection would be sixty-four in memory, and with each further stream another sixty-four for sixteen bytes."""
    limit = 16 << 20
    gateway = start(sandbox.url, lambda document: document["limits"].update(bodies="16MiB", header_timeout="300s"))
    connections = [begun(gateway) for _ in range(100)]
    for connection in connections:
        connection.send(frame(HEADERS, END_STREAM, 3, HEAD + LARGE_FIELD + AGAIN * 14))
    # As many as unrecognised senders may have.
    eventually(lambda: limit / 4 - (64 << 10) < in_hand(gateway) <= limit / 4, "the heads being counted")
    assert gateway.call("GET", HOSTS.decode()).status == 200, "small heads count nowhere"
    for connection in connections:
        connection.send(frame(CONTINUATION, END_HEADERS, 3))
        connection.until_done(3)
    answers = [connection.status[3] for connection in connections]
    assert set(answers) == {200, 503} and 50 < answers.count(200) < 80
    refused = next(connection for connection in connections if connection.status[3] == 503)
    assert json.loads(refused.bodies[3])["error_code"] == "HSSGW.5033"
    eventually(lambda: in_hand(gateway) == 0, "all heads being given back")
    # Those of recognised callers count as long as the requests are in hand.
    (one, *_), streams = connections, range(5, 45, 2)
    for stream in streams:
        one.send(frame(HEADERS, END_HEADERS, stream, block(request(EXPORT, method=b"POST")) + AGAIN * 15))
    eventually(lambda: in_hand(gateway) > len(streams) * 60_000, "the heads being counted")
    for connection in connections:
        connection.socket.close()
    eventually(lambda: in_hand(gateway) == 0, "all heads being given back")


def test_a_head_of_any_size_is_read_to_its_end_and_kept_up_to_the_limit(sandbox, start):
    gateway = start(sandbox.url)
    with begun(gateway) as connection:
        connection.send(frame(HEADERS, END_STREAM, 3, HEAD + LARGE_FIELD + AGAIN * 40))
        assert gateway.call("GET", HOSTS.decode()).status == 200
        assert in_hand(gateway) == 0, "what is refused anyway is not kept"
        connection.send(frame(CONTINUATION, END_HEADERS, 3))
        connection.until_done(3)
        assert (connection.status[3], json.loads(connection.bodies[3])["error_code"]) == (431, "HSSGW.4310")


def test_who_opens_every_window_and_reads_nothing_is_cut_off(upstream, start):
    """The answers can't leave, and neither can the resets of their streams."""
    upstream.handler = lambda request, connection: answer(b"x" * 32_000, fields=[("Content-Type", "application/zip")])
    gateway = start(upstream.url, lambda document: document["limits"].update(idle_timeout="1s"))
    plain = socket.socket()
    # More than three megabytes don't fit into the gateway's side of the connection.
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    plain.settimeout(20)
    plain.connect(wire.parse_address(gateway.data))
    with Connection.over(plain) as connection:
        connection.send(http2.PREFACE + frame(SETTINGS, 0, 0, struct.pack(">HI", 4, 0x7FFFFFFF)))
        connection.send(frame(WINDOW_UPDATE, 0, 0, struct.pack(">I", 1 << 30)))
        connection.send(b"".join(
            frame(HEADERS, END_HEADERS | END_STREAM, stream, block(request(b"/v5/_/download/some-file"))) for stream in range(1, 200, 2)))
        # On a slow machine the first answers have waited too long before the last requests are sent.
        eventually(lambda: wire.state_at_the_gateway(plain) != "01", "the end of the connection")
        assert upstream.requests


def test_who_opens_no_window_for_a_large_answer_holds_its_place_no_longer_than_an_idle_connection(upstream, start):
    body = b"x" * 500_000
    upstream.handler = lambda request, connection: answer(body)
    gateway = start(upstream.url, lambda document: document["limits"].update(idle_timeout="1s"))
    with Connection(gateway.data, settings=struct.pack(">HI", 4, 0)) as connection:
        connection.headers(1, request(HOSTS))
        connection.until(lambda: 1 in connection.resets, "the end of the stream")
        assert (connection.status, connection.resets) == ({1: 200}, {1: 8})
        connection.headers(3, request(HOSTS))
        connection.until(lambda: 3 in connection.status, "the head")
        connection.send(frame(WINDOW_UPDATE, 0, 3, struct.pack(">I", 1 << 20)))
        connection.until_done(3)
        assert connection.bodies[3] == body
    first, second = [record for record in gateway.journal.records() if record["phase"] == "response"]
    assert first["outcome"] != second["outcome"] == "success"


def test_connections_beyond_the_limit_are_refused_in_what_they_speak_and_nothing_on_them_is_executed(upstream, start, tmp_path):
    authority = Authority(tmp_path / "authority")
    certificate, key = authority.issue("server", "DNS:gateway.test", usage="serverAuth")

    def change(document):
        document["limits"].update(connections=2, idle_timeout="300s", header_timeout="300s")
        tls = {"certificate_file": certificate, "private_key_file": key}
        document["listeners"].append({"name": "secure", "address": "127.0.0.1:0", "tls": tls})

    def refused_by_http2(connection: Connection):
        connection.headers(1, request(HOSTS))
        connection.headers(3, request(EXPORT, method=b"POST"), end=False)
        connection.until_done(1, 3)
        for stream in (1, 3):
            assert (connection.status[stream], json.loads(connection.bodies[stream])["error_code"]) == (503, "HSSGW.5033")
        connection.until(lambda: connection.closed, "the end of the connection")
        assert connection.goaway == 0

    def refused_by_http1(connection: wire.Connection, *sent: bytes):
        for data in sent:
            connection.socket.sendall(data)
        told = connection.response()
        assert (told.status, json.loads(told.body)["error_code"]) == (503, "HSSGW.5033")
        assert connection.socket.recv(1) == b""

    def by_tls(protocol: str) -> ssl.SSLSocket:
        context = ssl.create_default_context(cafile=authority.certificate)
        context.set_alpn_protocols([protocol])
        connected = socket.create_connection(wire.parse_address(secure), timeout=20)
        return context.wrap_socket(connected, server_hostname="gateway.test")

    gateway = start(upstream.url, change)
    secure = gateway.addresses["listener.secure"]
    with begun(gateway) as first, begun(gateway), ExitStack() as others:
        upstream.requests.clear()
        silent = [others.enter_context(wire.Connection(gateway.data)) for _ in range(2)]
        # It doesn't even begin a handshake.
        mute = others.enter_context(socket.create_connection(wire.parse_address(secure), timeout=20))
        refused_by_http2(others.enter_context(Connection(gateway.data)))
        secured = others.enter_context(Connection.over(by_tls("h2")))
        secured.send(http2.PREFACE + frame(SETTINGS, 0, 0))
        refused_by_http2(secured)
        refused_by_http1(others.enter_context(wire.Connection(gateway.data)), wire.request("GET", HOSTS.decode()))
        refused_by_http1(others.enter_context(wire.Connection.over(by_tls("http/1.1"))))
        for connection in silent:
            refused_by_http1(connection)
        with suppress(ConnectionResetError):
            while mute.recv(4096):
                pass
        first.headers(3, request(HOSTS))
        first.until_done(3)
        assert first.status[3] == 200
        assert len(upstream.requests) == 1


def test_a_goodbye_names_the_last_stream_that_was_taken(sandbox, start):
    """What a client has sent behind it, an export for example, it may send again on another connection (RFC 9113 section 6.8)."""
    gateway = start(sandbox.url, lambda document: document["limits"].update(idle_timeout="1s"))
    with begun(gateway) as connection:
        connection.until(lambda: connection.closed, "the end of an idle connection")
        assert (connection.goaway, connection.last_streams[-1]) == (0, 1)
    with begun(gateway) as connection:
        gateway.terminate()
        connection.until(lambda: connection.closed, "the end of the gateway")
        assert (connection.goaway, connection.last_streams) == (0, [(1 << 31) - 1, 1])
    assert gateway.wait() == 0


def test_answers_that_wait_for_windows_hold_the_upstream_back(upstream, start):
    """Each of them is as small as one that is read from HSS at once, and a hundred of them are not."""
    body = b"x" * 30_000
    upstream.handler = lambda request, connection: answer(body)
    gateway = start(upstream.url)
    targets = {stream: HOSTS.replace(b"limit=10", b"limit=%d" % stream) for stream in range(1, 200, 2)}
    with Connection(gateway.data, settings=struct.pack(">HI", 4, 0)) as connection:
        for stream, target in targets.items():
            connection.headers(stream, request(target))
        connection.until(lambda: len(connection.status) == 100, "the heads")
        last = gateway.call("GET", HOSTS.decode())
        assert last.status == 200
        gateway.journal.closing(last.value("Audit-Id"))
        ended = len([record for record in gateway.journal.records() if record["phase"] == "response"]) - 1
        assert ended <= 16, "further ones are still under way, and count against the limits of their caller"
        connection.send(frame(SETTINGS, 0, 0, struct.pack(">HI", 4, 1 << 20)))
        connection.until_done(*targets)
        assert all(connection.bodies[stream] == body for stream in targets)


def test_a_drain_lets_streams_end_and_begins_no_other(upstream, start):
    arrived, release = threading.Event(), threading.Event()

    def slow(received, connection):
        arrived.set()
        release.wait(20)
        return answer()

    upstream.handler = slow
    gateway = start(upstream.url)
    with Connection(gateway.data) as connection:
        connection.headers(1, request(HOSTS))
        assert arrived.wait(20)
        gateway.terminate()
        connection.until(lambda: connection.goaway is not None, "the goodbye")
        assert connection.goaway == 0
        release.set()
        connection.until_done(1)
        assert connection.status[1] == 200
    assert gateway.wait() == 0


def test_refusals_that_nobody_reads_have_a_head_only_beyond_a_number_of_them(start, upstream):
    """Whoever opens no window and sends fifteen bytes for each request leaves kilobytes of answers."""
    gateway = start(upstream.url, lambda document: document["limits"].update(connections=10))
    with http2.Connection(gateway.data, settings=struct.pack(">HI", 4, 0)) as connection:
        streams = range(1, 200, 2)
        for begin, end in ((0, 40), (40, 100)):
            for stream in streams[begin:end]:
                connection.headers(stream, http2.request(b"/nothing"))
            connection.until(lambda: len(connection.status) == end, "the heads")
        assert set(connection.status.values()) == {404}
        # The first forty are unread: four for each connection that may be open.
        assert set(streams[40:]) == connection.ended and not connection.bodies
        connection.send(http2.frame(http2.SETTINGS, 0, 0, struct.pack(">HI", 4, 1 << 20)))
        connection.until_done(*streams)
        assert all(json.loads(connection.bodies[stream])["error_code"] == "HSSGW.4002" for stream in streams[:40])
        connection.headers(201, http2.request(b"/nothing"))
        connection.until_done(201)
        assert json.loads(connection.bodies[201])["error_code"] == "HSSGW.4002", "after they were read"
