"""Files of any size pass with constant memory, at once and at the caller's pace; and the secret key stays where it is."""

import hashlib
import json
import re
import select
import shutil
import socket
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from harness import wire
from harness.commands import create_key
from harness.deadline import eventually
from harness.process import SECRET_KEY, write_secret
from harness.upstream import answer, head

MEBIBYTE = 1 << 20
MOST_GROWTH = 16 * MEBIBYTE
LIST = "/v5/_/vulnerability/vulnerabilities"
EXPORT = "/v5/_/image/baseline/export"
FILE = "/v5/_/download/"
JSON = [("Content-Type", "application/json")]


def test_a_download_of_one_gibibyte_leaves_memory_flat(sandbox, start):
    gateway = start(sandbox.url)
    resident, highest = gateway.memory("VmRSS"), gateway.memory("VmHWM")
    digest, count, buffer = hashlib.sha256(), 0, bytearray(MEBIBYTE)
    with wire.Connection(gateway.data) as connection:
        connection.send(wire.request("GET", FILE + "large-1024"))
        response = connection.head()
        assert response.status == 200 and response.value("Content-Length") == str(1024 * MEBIBYTE)
        digest.update(connection.buffer)
        count = len(connection.buffer)
        while count < 1024 * MEBIBYTE:
            received = connection.socket.recv_into(buffer)
            assert received, f"closed after {count} bytes"
            digest.update(memoryview(buffer)[:received])
            count += received
    growth = gateway.memory("VmHWM") - highest, gateway.memory("VmRSS") - resident
    print(f"growth of VmHWM and VmRSS: {growth[0] / MEBIBYTE:.1f} and {growth[1] / MEBIBYTE:.1f} MiB")
    assert max(growth) < MOST_GROWTH
    record = gateway.journal.closing(response.value("Audit-Id"))
    assert record["response_body"] == {"bytes": 1024 * MEBIBYTE, "sha256": digest.hexdigest()}


def remember_tasks(file: Path, count: int):
    """Puts so many tasks with their files, all with ids of HSS's length, into the snapshot of the memory in place of its own."""
    before, _, rest = file.read_text().partition("section tasks 1\n")
    own, _, after = rest.partition("\n")
    project, _, made, _, owner = own.split("\t")
    names = (f"9168b536-cd40-4630-b43f-{n:012x}" for n in range(count))
    tasks = "".join(f"{project}\t{name}\t{made}\t1\t{owner}\t{name[::-1]}\n" for name in names)
    text = f"{before}section tasks {count}\n{tasks}{after[: after.index('check ')]}"
    file.write_text(f"{text}check {hashlib.sha256(text.encode()).hexdigest()}\n")


def test_the_memory_for_twenty_thousand_remembered_tasks_is_small_while_it_is_saved_and_changes(upstream, start):
    """About 370 bytes a task, and no second copy of all of them while a snapshot is written."""
    upstream.handler = lambda request, connection: answer(b'{"task_id":"t"}')
    gateway = start(upstream.url)
    assert gateway.call("POST", EXPORT, JSON, b"{}").status == 200
    empty, file = gateway.memory("VmRSS"), gateway.directory / "audit" / "memory"
    gateway.stop()
    remember_tasks(file, 20_000)
    gateway = start(upstream.url)
    loaded = gateway.memory("VmRSS")
    for n in range(3):
        saved = file.stat().st_mtime_ns
        upstream.handler = lambda request, connection, n=n: answer(b'{"task_id":"n%d"}' % n)
        assert gateway.call("POST", EXPORT, JSON, b"{}").status == 200
        eventually(lambda saved=saved: file.stat().st_mtime_ns > saved, "another snapshot", patience=60)
    assert file.read_text().count("\t") > 80_000, "the tasks are remembered"
    growth = loaded - empty, gateway.memory("VmHWM") - empty
    print(f"growth by the tasks, and at most: {growth[0] / MEBIBYTE:.1f} and {growth[1] / MEBIBYTE:.1f} MiB")
    assert growth[0] < 12 * MEBIBYTE and growth[1] < 36 * MEBIBYTE


def test_the_first_byte_arrives_while_hss_still_holds_the_rest(upstream, start):
    gateway = start(upstream.url)
    may_go_on = threading.Event()

    def piecewise(received, connection):
        connection.sendall(head(3) + b"a")
        may_go_on.wait(30)
        connection.sendall(b"bc")

    upstream.handler = piecewise
    for target in (FILE + "some-file", LIST):
        may_go_on.clear()
        with wire.Connection(gateway.data) as connection:
            connection.send(wire.request("GET", target))
            assert connection.head().status == 200
            assert connection.take(1) == b"a"
            may_go_on.set()
            assert connection.take(2) == b"bc"


def test_a_slow_reader_holds_the_upstream_back(upstream, start):
    gateway = start(upstream.url)
    total, piece = 192 * MEBIBYTE, b"a" * 65536
    sent = [0]

    def pour(received, connection):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
        connection.sendall(head(total))
        while sent[0] < total:
            connection.sendall(piece)
            sent[0] += len(piece)

    upstream.handler = pour
    resident = gateway.memory("VmRSS")
    with wire.Connection(gateway.data, receive_buffer=65536) as connection:
        connection.send(wire.request("GET", FILE + "some-file"))
        assert connection.head().status == 200

        # Stalled means: no progress over many checks.
        looks = {"at": -1, "since": time.monotonic()}

        def has_stalled():
            if sent[0] != looks["at"]:
                looks.update(at=sent[0], since=time.monotonic())
            return sent[0] > 0 and time.monotonic() - looks["since"] > 0.5

        eventually(has_stalled, "the upstream being held back")
        assert sent[0] < total / 4, f"{sent[0]} bytes went in and nobody took them"
        assert gateway.memory("VmRSS") - resident < MOST_GROWTH
        # Other callers are served meanwhile.
        upstream.handler = lambda received, connection: answer()
        assert gateway.call("GET", LIST).status == 200
        remaining = total - len(connection.buffer)
        connection.buffer = b""
        while remaining:
            received = len(connection.socket.recv(MEBIBYTE))
            assert received, f"closed with {remaining} bytes to go"
            remaining -= received
    assert gateway.memory("VmHWM") - resident < MOST_GROWTH


def test_callers_that_stop_reading_cost_little(upstream, start):
    """The pieces under way, in libcurl and in the connection; the kernel's buffers are not the gateway's."""
    gateway = start(upstream.url)
    total, piece = 64 * MEBIBYTE, b"a" * 65536
    sent, callers = [0], []

    def pour(received, connection):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
        connection.sendall(head(total))
        while True:
            connection.sendall(piece)
            sent[0] += len(piece)

    upstream.handler = pour
    def stall(count):
        """That many more callers, which read only the head, until no data is sent to them any more."""
        begun = [wire.Connection(gateway.data, receive_buffer=65536) for _ in range(count)]
        callers.extend(begun)
        for caller in begun:
            caller.send(wire.request("GET", FILE + "some-file"))
        for caller in begun:
            assert caller.head().status == 200
        looks = {"at": -1, "since": time.monotonic()}

        def has_stalled():
            if sent[0] != looks["at"]:
                looks.update(at=sent[0], since=time.monotonic())
            # Longer than a busy machine takes to begin with one of them.
            return time.monotonic() - looks["since"] > 1.5

        eventually(has_stalled, "every upstream being held back")
        return gateway.memory("VmRSS")

    try:
        # The first ones cause the cost of what all of them share.
        few = stall(16)
        growth = (stall(64) - few) / 64 / 1024
    finally:
        for caller in callers:
            caller.close()
    print(f"growth for each caller: {growth:.0f} KiB")
    assert growth < 256


def test_who_reads_nothing_of_an_answer_holds_its_place_no_longer_than_an_idle_connection(upstream, start):
    upstream.handler = lambda received, connection: head(32 * MEBIBYTE) + b"a" * (32 * MEBIBYTE)
    gateway = start(upstream.url, lambda document: document["limits"].update(idle_timeout="1s", in_flight=2))
    with wire.Connection(gateway.data, receive_buffer=4_096) as caller:
        caller.send(wire.request("GET", FILE + "some-file"))
        assert caller.head().status == 200
        eventually(lambda: wire.state_at_the_gateway(caller.socket) != "01", "the end of the connection")
        (record,) = eventually(lambda: [r for r in gateway.journal.records() if r["phase"] == "response"], "the closing record")
        assert record["outcome"] != "success"


def test_requests_whose_answers_nobody_reads_wait_and_are_answered_when_somebody_does(upstream, start):
    gateway = start(upstream.url)
    one = wire.request("GET", "/-/openapi.yaml")
    size = len(gateway.call("GET", "/-/openapi.yaml").body)
    count, before = (64 << 20) // size, gateway.memory("VmHWM")
    connections = [wire.Connection(gateway.data) for _ in range(3)]
    for connection in connections:
        connection.send(one * count)
    for _ in range(20):
        assert gateway.call("GET", "/-/whoami").status == 200
    for connection in connections:
        with connection:
            assert [len(connection.response().body) for _ in range(count)] == [size] * count
    assert gateway.memory("VmHWM") - before < 64 << 20, "of 192 MiB of answers"


def test_many_large_uploads_at_once_are_bounded_and_whole(upstream, start):
    gateway = start(upstream.url)
    body = json.dumps({"image_name": "a" * (11 * MEBIBYTE)}).encode()
    statuses = []

    def upload():
        statuses.append(gateway.call("POST", EXPORT, JSON, body).status)

    threads = [threading.Thread(target=upload) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert statuses == [200] * 4
    wanted = hashlib.sha256(body).hexdigest()
    assert [hashlib.sha256(received.body).hexdigest() for received in upstream.requests] == [wanted] * 4


class Unfinished:
    """An upload that lacks its last byte."""

    def __init__(self, gateway, target: str, fields: list[tuple[str, str]], body: bytes):
        self.connection = wire.Connection(gateway.data, timeout=120)
        self.body = body
        self.is_answered = False
        try:
            self.connection.send(wire.request("POST", target, fields + [("Content-Length", str(len(body)))]) + body[:-1])
        except (BrokenPipeError, ConnectionResetError):
            # Refused while it was sent; whether the answer can still be read depends on TCP.
            self.is_answered = True

    def look(self) -> bool:
        """Whether it was answered before it was complete."""
        self.is_answered = self.is_answered or bool(select.select([self.connection.socket], [], [], 0)[0])
        return self.is_answered

    def finish(self) -> wire.Response:
        self.connection.send(self.body[-1:])
        return self.connection.response()


def in_hand(gateway) -> int:
    return int(re.search(r"^hssgw_request_bodies_bytes (\d+)$", gateway.metrics(), re.MULTILINE)[1])


def begin_uploads(gateway, count: int, fields: list[tuple[str, str]], body: bytes) -> list[Unfinished]:
    """The uploads that are accepted; the others were refused for lack of room. Each is one or the other."""
    before = in_hand(gateway)
    uploads = [Unfinished(gateway, EXPORT, fields, body) for _ in range(count)]

    def are_decided():
        held = sum(not upload.look() for upload in uploads)
        return in_hand(gateway) - before == held * (len(body) - 1)

    eventually(are_decided, "each upload being held or refused", patience=120)
    return [upload for upload in uploads if not upload.is_answered]


def test_unfinished_uploads_keep_to_their_bound_whoever_sends_them_and_cost_others_nothing(upstream, start):
    def change(document):
        document["callers"].append({"name": "sdk-team", "authenticate": {"virtual_key": True}, "projects": ["prod"]})
        # The time limit of a body doesn't matter here.
        document["limits"] = {"header_timeout": "300s"}

    gateway = start(upstream.url, change)
    key = create_key(gateway.directory, "sdk-team", "--virtual")
    bound, resident = 256 * MEBIBYTE, gateway.memory("VmRSS")
    body = json.dumps({"image_name": "a" * (11 * MEBIBYTE)}).encode()
    # A key's id is no secret, and whether its signature is valid is only known when the body is complete.
    made_up = JSON + [
        ("X-Sdk-Date", time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())),
        ("Authorization", f"SDK-HMAC-SHA256 Access={key['access_key']}, SignedHeaders=host;x-sdk-date, Signature={'0' * 64}"),
    ]
    eventually(lambda: gateway.call("POST", EXPORT, made_up, b"{}").json["error_code"] == "HSSGW.4011", "the new key")

    strangers = begin_uploads(gateway, 20, made_up, body)
    assert 1 <= len(strangers) <= bound / 4 / len(body)
    # Uploads of unrecognised clients don't use the memory for recognised callers.
    known = begin_uploads(gateway, 24, JSON, body)
    assert len(known) > len(strangers) and in_hand(gateway) <= bound
    refusals = f'\nhssgw_refusals_total{{error_code="HSSGW.5033"}} {44 - len(strangers) - len(known)}\n'
    eventually(lambda: refusals in gateway.metrics(), "the others being refused")
    assert gateway.call("GET", LIST).status == 200
    assert gateway.call("POST", EXPORT, JSON, b'{"operate_all":true}').status == 200
    assert gateway.memory("VmHWM") - resident < bound + 64 * MEBIBYTE
    # Existing uploads are not affected, and all memory is released, whether they end or disconnect.
    assert strangers[0].finish().json["error_code"] == "HSSGW.4011"
    assert known[0].finish().status == 200
    for upload in strangers[1:] + known[1:]:
        upload.connection.close()
    eventually(lambda: in_hand(gateway) == 0, "every body being given back")
    large = [received.body for received in upstream.requests if len(received.body) > MEBIBYTE]
    assert large == [body] and gateway.call("POST", EXPORT, JSON, b"{}").status == 200


LARGE = [("X-Large", "v" * 4_000)] * 14


@pytest.mark.parametrize("begins", ["a head", "a trailer of a refused upload"])
def test_what_waits_for_its_end_counts_against_the_limit_of_bodies(begins, upstream, start):
    """Nobody knows its sender yet, and each connection may have 64 KiB of it."""
    limit = 16 * MEBIBYTE
    gateway = start(upstream.url, lambda document: document["limits"].update(bodies="16MiB", header_timeout="300s"))
    if begins == "a head":
        parts, whole, refused = (wire.request("GET", LIST, LARGE)[:-2], b"\r\n"), (200, None), (503, "HSSGW.5033")
    else:
        chunked = wire.request("POST", "/v5/_/nothing", JSON + [("Transfer-Encoding", "chunked")])
        parts, whole = (chunked + b"0\r\nX-Large: " + b"v" * 56_000, b"\r\n\r\n"), (403, "HSSGW.4030")
        # It keeps its first reason.
        refused = whole
    connections = [wire.Connection(gateway.data) for _ in range(100)]
    for connection in connections:
        connection.send(parts[0])
    # Unrecognised senders may have a quarter, which is enough for 64 of them. One may have had a part of it when it was used up, and gave that back.
    most = limit // 4 // 65_536
    sockets = [connection.socket for connection in connections]
    eventually(lambda: len(select.select(sockets, [], [], 0)[0]) >= 100 - most, "the others being refused")
    assert limit / 8 < in_hand(gateway) <= limit / 4
    assert gateway.call("GET", LIST).status == 200, "a small head counts nowhere"

    answers = []
    for connection in connections:
        with connection, suppress(BrokenPipeError, ConnectionResetError):
            connection.send(parts[1])
            answers.append(connection.response())
    told = [(answer.status, answer.json.get("error_code")) for answer in answers]
    assert set(told) == {whole, refused}
    assert whole == refused or most / 2 < told.count(whole) < 80
    eventually(lambda: in_hand(gateway) == 0, "everything being given back")


def test_large_heads_count_against_the_limit_of_bodies_as_long_as_their_requests_are_in_hand(upstream, start):
    released = threading.Event()

    def hold(request, connection):
        assert released.wait(60)
        return answer(b"{}")

    upstream.handler = hold
    gateway = start(upstream.url)
    connections = [wire.Connection(gateway.data) for _ in range(20)]
    for connection in connections:
        connection.send(wire.request("GET", LIST, LARGE))
    eventually(lambda: in_hand(gateway) >= 20 * 56_000, "the heads being counted")
    released.set()
    for connection in connections:
        with connection:
            assert connection.response().status == 200
    eventually(lambda: in_hand(gateway) == 0, "the heads being given back")


def test_an_idle_connection_keeps_no_buffer_of_what_it_has_once_sent(upstream, start):
    """Whether it was refused, and by whichever part of a request it was large."""
    gateway = start(upstream.url, lambda document: document["limits"].update(idle_timeout="300s"))
    count = 500

    def growth(*requests: bytes) -> int:
        before = gateway.memory("VmRSS")
        connections = [wire.Connection(gateway.data) for _ in range(count)]
        for connection in connections:
            for data in requests:
                connection.send(data)
                assert connection.response().status in (200, 403, 404)
        grown = gateway.memory("VmRSS") - before
        for connection in connections:
            connection.close()
        return grown

    small = wire.request("GET", LIST)
    idle = growth(small, small)
    # The reads grow while a caller sends.
    refused = wire.request("POST", "/v5/_/nothing", JSON, b"x" * 200_000)
    for requests in ([refused] * 4, [wire.request("GET", LIST, LARGE)] * 4):
        assert growth(*requests, small) - idle < count * (16 << 10)


@pytest.fixture
def short_directory():
    """A Unix socket's path has at most 107 bytes (unix(7)); the test runner's directories are longer. Requested before `start`, so that it is
    deleted after the gateways in it."""
    directory = Path(tempfile.mkdtemp(prefix="hssgw-"))
    yield directory
    shutil.rmtree(directory)


def test_the_gateway_serves_a_unix_socket_too(upstream, short_directory, start):
    path = short_directory / "gateway.sock"

    def change(document):
        document["listeners"].append({"name": "local", "unix": str(path), "mode": "0660"})
        # A peer on a Unix socket has no address that a caller could be recognised by.
        document["callers"].append({"name": "anonymous", "projects": ["prod"]})

    gateway = start(upstream.url, change)
    assert path.is_socket() and path.stat().st_mode & 0o777 == 0o660
    response = wire.call(str(path), "GET", LIST)
    assert response.status == 200
    assert gateway.journal.closing(response.value("Audit-Id"))["caller"]["name"] == "anonymous"
    gateway.stop()
    assert not path.exists()
    # A socket left by a killed gateway doesn't prevent the next start.
    first = start(upstream.url, change, directory=short_directory / "first")
    first.kill()
    assert path.is_socket()
    start(upstream.url, change, directory=short_directory / "second")
    assert wire.call(str(path), "GET", LIST).status == 200


def test_no_secret_turns_up_in_logs_records_metrics_errors_or_the_command_line(upstream, start, tmp_path):
    token = "canary-security-token-5d0e8a17"

    def change(document):
        document["credentials"][0]["security_token_file"] = write_secret(directory / "token", token)
        document["log"] = {"level": "debug", "format": "json"}

    directory = tmp_path / "gateway"
    gateway = start(upstream.url, change, directory=directory)
    seen = []
    upstream.handler = lambda received, connection: answer(b'{"error_code":"HSS.0001"}', 400)
    caller = [("Authorization", "Bearer canary-caller"), ("X-Auth-Token", "canary-caller"), ("Cookie", "a=canary-caller")]
    password = "/v5/_/image/registries/image-upload-command?username=u&password=canary-password"
    for method, target, body in [
        ("GET", LIST, None), ("POST", EXPORT, b"{}"), ("POST", EXPORT, b"{"), ("GET", "/v5/_/nothing", None), ("GET", FILE + "f", None),
        ("GET", password, None), ("GET", LIST + "?X-Auth-Token=canary-query", None),
    ]:
        response = gateway.call(method, target, JSON + caller, body)
        seen.append(response.body.decode() + repr(response.fields))
    upstream.close()
    seen.append(gateway.call("GET", LIST, caller).body.decode())
    for path in ("/metrics", "/readyz?verbose", "/version"):
        seen.append(wire.call(gateway.admin, "GET", path).body.decode())
    seen.append(Path(f"/proc/{gateway.pid}/cmdline").read_bytes().decode())
    gateway.stop()
    seen += [gateway.log, (directory / "stdout").read_text()] + [path.read_text() for path in gateway.journal.segments()]
    text = "\n".join(seen)
    signatures = [re.search("Signature=(\\w+)", received.value("Authorization"))[1] for received in upstream.requests]
    assert len(signatures) >= 3
    for secret in [SECRET_KEY, token, "canary", *signatures]:
        assert secret not in text, secret


def test_the_process_keeps_its_memory_to_itself(upstream, start):
    gateway = start(upstream.url)
    limits = Path(f"/proc/{gateway.pid}/limits").read_text()
    assert re.search(r"Max core file size +0 +0 ", limits)
    # Undumpable: the kernel gives the files of such a process to root (prctl(2), PR_SET_DUMPABLE). As root this test shows
    # nothing.
    assert Path(f"/proc/{gateway.pid}/mem").stat().st_uid == 0
