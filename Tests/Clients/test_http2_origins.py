"""HSS over HTTP/2: requests that the origin reports as not processed are sent again, whatever their kind, and no others (RFC 9113 8.7)."""

import os
import ssl
import struct
import subprocess
import threading

import pytest

from harness.certificates import Authority
from harness.deadline import eventually
from harness import wire
from harness.http2 import (
    ACK, CONTINUATION, DATA, END_HEADERS, END_STREAM, GOAWAY, HEADERS, PADDED, PING, PREFACE, RST_STREAM, SETTINGS, WINDOW_UPDATE, block,
    frame,
)
from harness.http2_origin import (
    Http2Origin, execute_and_close, leave_out, leave_out_and_close, refuse, require_http1, serve, serve_and_leave, take_and_close,
)
from harness.http2_origin import End, take
from harness.listener import Listener
from harness.process import configuration, serve as serve_gateway

JSON = [("Content-Type", "application/json")]
READ = ("GET", "/v5/_/vulnerability/vulnerabilities", [], None)
EXPORT = ("POST", "/v5/_/image/baseline/export", JSON, b'{"export_size":1}')
DOWNLOAD = ("GET", "/v5/_/download/some-file", [], None)
CALLS = pytest.mark.parametrize("call", [READ, EXPORT, DOWNLOAD], ids=["read", "export", "download"])


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def origin(authority):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority.issue("hss", "DNS:localhost", "serverAuth"))
    context.set_alpn_protocols(["h2"])
    origin = Http2Origin(context)
    yield origin
    origin.close()


def begin(origin, authority, directory, **upstream):
    document = configuration(directory, origin.url)
    document["upstream"] = {"ca_file": authority.certificate, "retry": {"attempts": 1, "on": []}, **upstream}
    return serve_gateway(directory, document, {"HSSGW_WORKERS": "1"})


@pytest.fixture(scope="module")
def running(origin, authority, tmp_path_factory):
    gateway = begin(origin, authority, tmp_path_factory.mktemp("gateway"))
    yield gateway
    gateway.stop()
    gateway.journal.check_form()


@pytest.fixture
def gateway(origin, running):
    """Without a reusable connection."""
    origin.acts, origin.asked, origin.executed = [serve_and_leave], [], []
    assert running.call(*READ).status == 200
    return running


def last(gateway, response):
    return gateway.journal.closing(response.value("Audit-Id"))


@CALLS
@pytest.mark.parametrize("is_kept", [False, True], ids=["new connection", "kept connection"])
@pytest.mark.parametrize("act", [refuse, leave_out, leave_out_and_close])
def test_what_the_origin_did_not_take_is_sent_again_and_executed_once(origin, gateway, call, is_kept, act):
    if is_kept:
        assert gateway.call(*READ).status == 200
    before = len(origin.executed)
    origin.acts = [act]
    response = gateway.call(*call)
    assert (response.status, response.value("X-HSSGW-Source")) == (200, "upstream"), response.body
    assert [(one.method, one.body) for one in origin.executed[before:]] == [(call[0], call[3] or b"")]
    assert [one.method for one in origin.asked[before:]] == [call[0]] * 2
    assert last(gateway, response)["outcome"] == "success"


@pytest.mark.parametrize("is_kept", [False, True], ids=["new connection", "kept connection"])
@pytest.mark.parametrize("act", [take_and_close, execute_and_close])
def test_an_export_that_the_origin_may_have_executed_is_never_sent_again(origin, gateway, is_kept, act):
    if is_kept:
        assert gateway.call(*READ).status == 200
    before = len(origin.executed)
    origin.acts = [act]
    response = gateway.call(*EXPORT)
    assert (response.status, response.error_code) == (502, "HSSGW.5022"), response.body
    assert "may have executed" in response.json["hint"]
    assert [one.method for one in origin.executed[before:]] == ["POST"]
    assert [one.method for one in origin.asked].count("POST") == 1
    assert last(gateway, response)["upstream"]["error"] == "connection_lost"


def test_an_origin_that_refuses_for_ever_ends_in_an_error_after_a_few_tries(origin, gateway):
    origin.acts = [refuse] * 50
    before = len(origin.asked)
    response = gateway.call(*EXPORT)
    assert (response.status, response.error_code) == (502, "HSSGW.5022"), response.body
    assert len(origin.executed) == 1 and len(origin.asked) - before <= 10
    origin.acts = []


@pytest.mark.parametrize("act", [refuse, leave_out_and_close])
def test_the_first_request_of_all_may_be_an_export_that_is_not_taken(origin, authority, tmp_path, act):
    origin.acts, origin.asked, origin.executed = [act], [], []
    gateway = begin(origin, authority, tmp_path)
    assert gateway.call(*EXPORT).status == 200
    assert len(origin.executed) == 1 and len(origin.asked) == 2
    gateway.stop()


@CALLS
@pytest.mark.parametrize("is_kept", [False, True], ids=["new connection", "kept connection"])
def test_what_the_origin_wants_over_http1_is_sent_again_over_http1(authority, tmp_path, call, is_kept):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority.issue("both", "DNS:localhost", "serverAuth"))
    context.set_alpn_protocols(["h2", "http/1.1"])
    origin = Http2Origin(context)
    gateway = begin(origin, authority, tmp_path)
    try:
        if is_kept:
            assert gateway.call(*READ).status == 200
        before = len(origin.executed)
        origin.acts = [require_http1]
        response = gateway.call(*call)
        assert (response.status, response.value("X-HSSGW-Source")) == (200, "upstream"), response.body
        assert [(one.method, one.body, one.stream) for one in origin.executed[before:]] == [(call[0], call[3] or b"", 0)]
        assert last(gateway, response)["outcome"] == "success"
        # The requirement of one request doesn't affect the next: it is served with any protocol.
        assert [gateway.call(*one).status for one in [READ, EXPORT]] == [200, 200]
    finally:
        gateway.stop()
        origin.close()


@pytest.mark.parametrize("protocol", ["h2", "http/1.1"])
def test_a_changed_address_is_followed_while_the_old_one_still_answers(authority, tmp_path, monkeypatch, protocol):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority.issue("moving", "DNS:hss.test", "serverAuth"))
    context.set_alpn_protocols([protocol])
    hosts = tmp_path / "hosts"
    hosts.write_text("127.0.0.1 localhost hss.test\n")
    monkeypatch.setenv("HSSGW_BINARY", with_hosts(hosts, tmp_path / "hss-gateway"))
    old = Http2Origin(context)
    new = Http2Origin(context, "127.0.0.2", old.port)
    old.url = f"https://hss.test:{old.port}"
    gateway = begin(old, authority, tmp_path, connection_lifetime="1s")
    try:
        assert gateway.call(*READ).status == 200 and (len(old.executed), len(new.executed)) == (1, 0)
        # In place: the mount is of the file, not of its name.
        with open(hosts, "r+b", buffering=0) as file:
            # At once, and as long as before: nobody reads half of it.
            file.write(b"127.0.0.2 localhost hss.test\n")

        def follows() -> bool:
            assert gateway.call(*READ).status == 200
            return bool(new.executed)

        eventually(follows, "a request at the new address")
        before = len(old.executed)
        assert [gateway.call(*call).status for call in [READ, EXPORT, READ]] == [200] * 3
        assert len(old.executed) == before
        assert {one.stream == 0 for one in new.executed} == {protocol == "http/1.1"}
    finally:
        gateway.stop()
        old.close()
        new.close()


def with_hosts(hosts, program) -> str:
    """The gateway with a private hosts file, by a mount in its own namespace."""
    unshare = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--mount", "--map-root-user"]
    tried = subprocess.run([*unshare, "mount", "--bind", hosts, "/etc/hosts"], capture_output=True, text=True)
    if tried.returncode != 0:
        pytest.skip(f"needs a mount namespace: {tried.stderr.strip()}")
    program.write_text(
        f"#!/bin/sh\nexec {' '.join(unshare)} sh -c 'mount --bind \"$0\" /etc/hosts && exec \"$@\"' {hosts} {os.environ['HSSGW_BINARY']} \"$@\"\n")
    program.chmod(0o755)
    return str(program)


def test_after_a_goaway_the_next_request_has_a_new_connection(origin, gateway):
    origin.acts = [serve_and_leave]
    for call in [READ, READ, EXPORT]:
        assert gateway.call(*call).status == 200
    first, second, _ = origin.executed[-3:]
    assert first.connection != second.connection


def say_nothing(origin, connection, asked):
    pass


def begin_and_stop(origin, connection, asked):
    head = block([(b":status", b"200"), (b"content-length", b"100")])
    connection.sendall(frame(HEADERS, END_HEADERS, asked.stream, head) + frame(DATA, 0, asked.stream, b"begun"))


def allow_no_streams(origin, connection, asked):
    connection.sendall(frame(SETTINGS, 0, 0, struct.pack(">HI", 3, 0)))


@pytest.mark.parametrize("act", [say_nothing, begin_and_stop, allow_no_streams])
def test_a_connection_that_has_died_in_silence_costs_one_request_its_time(origin, authority, tmp_path, act):
    """It is the same for all requests on it, and nothing closes it."""
    gateway = begin(origin, authority, tmp_path, first_byte_timeout="1s", idle_timeout="1s")
    origin.acts, origin.asked, origin.executed = [], [], []
    assert gateway.call(*READ).status == 200
    dead = origin.asked[0].connection

    def only_there(origin, connection, asked):
        (act if asked.connection == dead else serve)(origin, connection, asked)

    origin.acts = [only_there] * 100
    with wire.Connection(gateway.data) as caller:
        caller.send(wire.request(*READ[:2]))
        if act is begin_and_stop:
            with pytest.raises(wire.Truncated):
                caller.response()
        else:
            assert caller.response().status == 504
    assert [gateway.call(*call).status for call in [READ, EXPORT, READ]] == [200] * 3
    assert {one.connection == dead for one in origin.executed[1:]} == {False}
    origin.acts = []
    gateway.stop()


def test_a_connection_that_is_always_busy_ends_with_its_life_and_requests_go_to_a_new_one(origin, authority, tmp_path):
    origin.acts, origin.asked, origin.executed = [], [], []
    gateway = begin(origin, authority, tmp_path, connection_lifetime="1s")
    isEnough = threading.Event()
    statuses = []

    def read_on():
        while not isEnough.is_set():
            statuses.append(gateway.call(*READ).status)

    readers = [threading.Thread(target=read_on) for _ in range(3)]
    for reader in readers:
        reader.start()
    try:
        eventually(lambda: len({one.connection for one in origin.executed}) >= 3 + 2, "connections after the first ones")
        newest = origin.connections
        eventually(lambda: all(one.connection >= newest for one in origin.executed[-50:]), "the old ones to be left alone")
    finally:
        isEnough.set()
        for reader in readers:
            reader.join()
    assert set(statuses) == {200}
    gateway.stop()


#: Frames that no connection survives (RFC 9113 section 5.4.1).
BREACHES = {
    "a frame that is too large": lambda stream: frame(DATA, 0, stream, b"x" * 20_000),
    "data of no stream": lambda stream: frame(DATA, 0, 0, b"x"),
    "a window of nothing": lambda stream: frame(WINDOW_UPDATE, 0, 0, struct.pack(">I", 0)),
    "half a ping": lambda stream: frame(PING, 0, 0, b"half"),
    "a continuation of nothing": lambda stream: frame(CONTINUATION, END_HEADERS, stream),
    "no frame": lambda stream: b"HTTP/1.1 400 Bad Request\r\n\r\n" * 3,
    "no frame behind a goodbye": lambda stream: frame(GOAWAY, 0, 0, struct.pack(">II", 0x7FFFFFFF, 0)) + b"HTTP/1.1 400 Bad Request\r\n\r\n" * 3,
}


class Together:
    """As acts: begin the answers of so many requests of one connection, without a length or with one that they don't reach, and end them all once
    each has begun at its caller."""

    def __init__(self, count: int, end, length: bytes | None):
        self.count, self.end, self.length = count, end, length
        self.waiting, self.have_begun = [], threading.Event()

    def __call__(self, origin, connection, asked):
        origin.executed.append(asked)
        self.waiting.append(asked.stream)
        if len(self.waiting) < self.count:
            return
        fields = [(b":status", b"200"), (b"content-type", b"application/json"), *([(b"content-length", self.length)] if self.length else [])]
        for stream in self.waiting:
            connection.sendall(frame(HEADERS, END_HEADERS, stream, block(fields)) + frame(DATA, 0, stream, b'{"begun":'))
        assert self.have_begun.wait(60)
        connection.sendall(self.end(self.waiting))


def read_together(origin, gateway, count: int, end, length: bytes | None = None) -> list[bytes]:
    """The bodies that so many reads get on one connection; those that were cut have no end."""
    act = Together(count, end, length)
    assert gateway.call(*READ).status == 200
    origin.acts = [act] * count
    callers = [wire.Connection(gateway.data) for _ in range(count)]
    bodies = []
    try:
        for number, caller in enumerate(callers):
            caller.send(wire.request("GET", f"{READ[1]}?offset={number}"))
            eventually(lambda: len(act.waiting) > number, f"request {number}")
        for caller in callers:
            while b'{"begun":' not in caller.buffer:
                assert caller._more()
        act.have_begun.set()
        for caller in callers:
            try:
                bodies.append(caller.response().body)
            except wire.Truncated as error:
                bodies.append(error.received)
    finally:
        for caller in callers:
            caller.close()
    assert len({one.connection for one in origin.executed[-count:]}) == 1
    return bodies


@pytest.mark.parametrize("length", [None, b"100"], ids=["without a length", "with a length"])
@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("breach", BREACHES)
def test_answers_whose_connection_breaks_down_are_cut_at_once(origin, gateway, breach, count, length):
    before = len(gateway.journal.closings_after(-1))
    assert read_together(origin, gateway, count, lambda streams: BREACHES[breach](streams[0]), length) == [b'{"begun":'] * count
    found = eventually(lambda: len(found := gateway.journal.closings_after(-1)) >= before + 1 + count and found, "the records")[-count:]
    assert [(one["status"], one["outcome"], one["upstream"]["error"]) for one in found] == [(200, "failure", "truncated")] * count
    assert gateway.call(*READ).status == 200


OK = (b":status", b"200")
#: Heads that are none (RFC 9113 sections 8.1 to 8.3).
MALFORMED = {
    "a name in capitals": [OK, (b"Content-Type", b"application/json")],
    "no status": [(b"content-type", b"application/json")],
    "a status behind a field": [(b"content-type", b"application/json"), OK],
    "two of them": [OK, OK],
    "a status that is none": [(b":status", b"2xx")],
    "a field of a connection": [OK, (b"connection", b"keep-alive")],
    "a field of HTTP/1": [OK, (b"transfer-encoding", b"chunked")],
    "a pseudo-field of requests": [OK, (b":path", b"/")],
    "a length that is none": [OK, (b"content-length", b"2, 2")],
    "two lengths": [OK, (b"content-length", b"2"), (b"content-length", b"3")],
    "an interim answer with a name in capitals": [(b":status", b"103"), (b"Link", b"</>")],
}


@pytest.mark.parametrize("fields", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_head_is_told_from_a_lost_connection(origin, gateway, fields):
    def act(origin, connection, asked):
        ends = END_STREAM if fields is MALFORMED["no status"] else 0
        connection.sendall(frame(HEADERS, END_HEADERS | ends, asked.stream, block(fields)))

    origin.acts = [act]
    answer = gateway.call(*READ)
    assert (answer.status, answer.error_code, last(gateway, answer)["upstream"]["error"]) == (502, "HSSGW.5022", "protocol")
    assert len(origin.asked) == 2, "the fixture's request, and this one once"
    assert gateway.call(*READ).status == 200


@pytest.mark.parametrize("size, is_taken", [(30_000, True), (34_000, False), (60_000, False), (90_000, False), (120_000, False)])
def test_a_head_that_libcurl_would_not_get_through_ends_the_request_at_once(origin, authority, tmp_path, size, is_taken):
    """libcurl 7.88.1 sticks in heads that its buffer has no room for when they arrive with all of the answer: until a timeout."""
    gateway = begin(origin, authority, tmp_path, first_byte_timeout="60s", idle_timeout="60s")

    def act(origin, connection, asked):
        fields = block([OK, (b"content-type", b"application/json"), *[(b"x-f%03d" % number, b"v" * 980) for number in range(size // 1_000)]])
        pieces = [fields[start:start + 16_384] for start in range(0, len(fields), 16_384)]
        flags = [0] * (len(pieces) - 1) + [END_HEADERS]
        frames = [frame(HEADERS if not number else CONTINUATION, flags[number], asked.stream, piece) for number, piece in enumerate(pieces)]
        connection.sendall(b"".join(frames) + frame(DATA, END_STREAM, asked.stream, b"{}"))

    origin.acts = [act]
    with wire.Connection(gateway.data, timeout=30) as caller:
        caller.send(wire.request(*READ[:2]))
        answer = caller.response()
    if is_taken:
        assert (answer.status, answer.body) == (200, b"{}")
    else:
        assert (answer.status, answer.error_code, last(gateway, answer)["upstream"]["error"]) == (502, "HSSGW.5022", "headers_too_large")
    assert gateway.call(*READ).status == 200
    gateway.stop()


@pytest.mark.parametrize("says_goodbye", [False, True], ids=["kept", "goaway"])
@pytest.mark.parametrize("count", [1, 3])
def test_answers_without_a_length_that_end_are_whole_whether_their_connection_ends_or_not(origin, gateway, count, says_goodbye):
    def end(streams):
        goodbye = frame(GOAWAY, 0, 0, struct.pack(">II", max(streams), 0)) if says_goodbye else b""
        return goodbye + b"".join(frame(DATA, END_STREAM, stream, b"1}") for stream in streams)

    before = len(gateway.journal.closings_after(-1))
    assert read_together(origin, gateway, count, end) == [b'{"begun":1}'] * count
    found = eventually(lambda: len(found := gateway.journal.closings_after(-1)) >= before + 1 + count and found, "the records")[-count:]
    assert [one["outcome"] for one in found] == ["success"] * count


#: Behind `{"begun":`, by stream: they end the stream, or they don't.
WHOLE = {
    "a padded frame": lambda stream: frame(DATA, END_STREAM | PADDED, stream, b"\x051}" + bytes(5)),
    "a frame of nothing": lambda stream: frame(DATA, 0, stream, b"1}") + frame(DATA, END_STREAM, stream),
    "trailers": lambda stream: frame(DATA, 0, stream, b"1}") + frame(HEADERS, END_HEADERS | END_STREAM, stream, block([(b"x-sum", b"1")])),
    "a reset behind the end": lambda stream: frame(DATA, END_STREAM, stream, b"1}") + frame(RST_STREAM, 0, stream, struct.pack(">I", 0)),
}
CUT = {
    **{f"a reset with {code}": lambda stream, code=code: frame(RST_STREAM, 0, stream, struct.pack(">I", code)) for code in [0, 2, 7, 8]},
    "half a frame": lambda stream: frame(DATA, END_STREAM, stream, b"1}" + b" " * 1_000)[:500],
    "no frame": BREACHES["no frame"],
}


@pytest.mark.parametrize("end", {**WHOLE, **CUT})
def test_the_first_answer_without_a_length_is_whole_if_its_stream_was_ended_and_only_then(origin, authority, tmp_path, end):
    """RFC 9113 section 8.1; a process has not seen any such answer before."""

    def act(origin, connection, asked):
        connection.sendall(frame(HEADERS, END_HEADERS, asked.stream, block([(b":status", b"200"), (b"content-type", b"application/json")])))
        connection.sendall(frame(DATA, 0, asked.stream, b'{"begun":'))
        assert has_begun.wait(60)
        connection.sendall({**WHOLE, **CUT}[end](asked.stream))
        if end == "half a frame":
            raise End

    has_begun = threading.Event()
    origin.acts, origin.asked, origin.executed = [act], [], []
    gateway = begin(origin, authority, tmp_path)
    with wire.Connection(gateway.data) as caller:
        caller.send(wire.request(*READ[:2]))
        while b'{"begun":' not in caller.buffer:
            assert caller._more()
        has_begun.set()
        if end in WHOLE:
            assert caller.response().body == b'{"begun":1}'
        else:
            with pytest.raises(wire.Truncated):
                caller.response()
    found = eventually(lambda: gateway.journal.closings_after(-1), "the record")[0]
    assert (found["outcome"], found["upstream"].get("error")) == (("success", None) if end in WHOLE else ("failure", "truncated"))
    assert gateway.call(*READ).status == 200
    gateway.stop()


#: Answers that a request needn't be read for, each as its head's fields and the frames behind it.
EARLY = {
    "with a length": ([(b"content-length", b"16")], lambda stream: frame(DATA, END_STREAM, stream, b'{"task_id":"t1"}')),
    "without a length": ([], lambda stream: frame(DATA, END_STREAM, stream, b'{"task_id":"t1"}')),
    "that a frame of nothing ends": ([], lambda stream: frame(DATA, 0, stream, b'{"task_id":"t1"}') + frame(DATA, END_STREAM, stream)),
    "that trailers end": (
        [], lambda stream: frame(DATA, 0, stream, b'{"task_id":"t1"}') + frame(HEADERS, END_HEADERS | END_STREAM, stream, block([(b"x-sum", b"1")]))),
    "with a reset behind it": (
        [], lambda stream: frame(DATA, END_STREAM, stream, b'{"task_id":"t1"}') + frame(RST_STREAM, 0, stream, struct.pack(">I", 0))),
    "of a head alone": ([], None),
    "of a length of nothing": ([(b"content-length", b"0")], None),
}


class Hasty:
    """Answers each stream of HTTP/2 as soon as its head is there, and grants no window for its body."""

    def __init__(self, context, answer):
        self.context, self.streams = context, []
        self.fields, self.rest = answer
        self.listener = Listener(self.serve)
        self.url = f"https://localhost:{self.listener.port}"

    def serve(self, connection, number):
        connection = self.context.wrap_socket(connection, server_side=True)
        try:
            assert take(connection, len(PREFACE)) == PREFACE
            connection.sendall(frame(SETTINGS, 0, 0))
            while True:
                header = take(connection, 9)
                kind, flags, stream = header[3], header[4], struct.unpack(">I", header[5:])[0] & 0x7FFFFFFF
                take(connection, int.from_bytes(header[:3], "big"))
                if kind == SETTINGS and not flags & ACK:
                    connection.sendall(frame(SETTINGS, ACK, 0))
                if kind == HEADERS:
                    self.streams.append((number, stream))
                    head = block([(b":status", b"200"), (b"content-type", b"application/json"), *self.fields])
                    ending = END_HEADERS if self.rest else END_HEADERS | END_STREAM
                    connection.sendall(frame(HEADERS, ending, stream, head) + (self.rest(stream) if self.rest else b""))
        except (End, OSError):
            connection.close()


@pytest.mark.parametrize("answer", EARLY)
def test_an_answer_that_is_whole_before_the_request_is_passed_on(authority, tmp_path, answer):
    """RFC 9113 section 8.1."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority.issue("hss", "DNS:localhost", "serverAuth"))
    context.set_alpn_protocols(["h2"])
    hasty = Hasty(context, EARLY[answer])
    gateway = begin(hasty, authority, tmp_path)
    for _ in range(3):
        response = gateway.call("POST", EXPORT[1], JSON, b'{"a":"' + b"a" * (2 << 20) + b'"}')
        assert (response.status, response.body) == (200, b'{"task_id":"t1"}' if EARLY[answer][1] else b"")
        assert last(gateway, response)["outcome"] == "success"
    assert gateway.call(*READ).status == 200
    hasty.listener.close()
    gateway.stop()
