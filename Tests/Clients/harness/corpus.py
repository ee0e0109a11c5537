"""Hostile requests, byte for byte, and the allowed results of each: Tests/Clients/corpora, a case a line.

A case is checked on both sides: what the client gets, and what a strict upstream gets. In every case, the upstream gets at most as many whole
requests as the case allows, each well-formed, each with the gateway's credential exactly once and nothing that the caller forged.
"""

import base64
import fcntl
import json
import re
import socket
import termios
import threading
import time
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote_to_bytes

from harness import http2
from harness.duplex import Duplex
from harness.listener import Listener

CORPORA = Path(__file__).resolve().parents[1] / "corpora"
#: The only credential that may reach the upstream.
TOKEN = "GATEWAY-SECRET-TOKEN-0123456789"
TOKEN_CHARACTERS = set(b"!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
TARGET_CHARACTERS = set(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,;=:@/?%")
HOP_BY_HOP = {"keep-alive", "proxy-connection", "proxy-authorization", "proxy-authenticate", "upgrade", "http2-settings", "te", "trailer"}
ANSWER = b'{"total_num":1,"data_list":[{"host_id":"h-1"}]}'


@dataclass
class Case:
    id: str
    why: str
    raw: bytes
    expect: dict
    rfc: list[str] = field(default_factory=list)
    send: dict = field(default_factory=dict)
    #: Which of the answers are for a HEAD.
    head_responses: list[bool] = field(default_factory=list)

    @property
    def outcome(self) -> str:
        return self.expect["outcome"]

    @property
    def most_upstream(self) -> int:
        return self.expect.get("upstream_max", 0 if self.outcome == "reject" else 1)


def read(name: str) -> list[Case]:
    cases = []
    for line in (CORPORA / f"{name}.jsonl").read_text().splitlines():
        row = json.loads(line)
        if "frames" in row:
            raw = zlib.decompress(base64.b64decode(row["frames"]))
        else:
            raw = b"".join(p.encode("latin-1") if isinstance(p, str) else p["text"].encode("latin-1") * p["times"] for p in row["request"])
        cases.append(
            Case(row["id"], row["why"], raw, row["expect"], row.get("rfc", []), row.get("send", {}), row.get("head_responses", [])))
    assert len({case.id for case in cases}) == len(cases)
    return cases


@dataclass
class Forwarded:
    """One request as received by the upstream."""

    head: bytes = b""
    method: str = ""
    target: str = ""
    fields: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    faults: list[str] = field(default_factory=list)
    is_whole: bool = False

    def take(self, data: bytes) -> int | None:
        """Reads a request from its beginning; returns its length, or None while more is needed. Everything that is not strict is a fault."""
        end = data.find(b"\r\n\r\n")
        if end < 0:
            self.head = data
            return None
        self.faults, self.fields, self.head = [], [], data[: end + 4]
        line, *lines = data[:end].split(b"\r\n")
        parts = line.split(b" ")
        if len(parts) != 3 or parts[2] != b"HTTP/1.1" or not set(parts[0]) <= TOKEN_CHARACTERS:
            self.faults.append(f"request line {line[:80]!r}")
        self.method = parts[0].decode("latin-1")
        target = parts[1] if len(parts) > 1 else b""
        self.target = target.decode("latin-1")
        if not target.startswith(b"/") or not set(target) <= TARGET_CHARACTERS or re.search(rb"%(?![0-9A-Fa-f]{2})", target):
            self.faults.append(f"target {target[:80]!r}")
        if re.search(rb"(?<!\r)\n|\r(?!\n)", self.head):
            self.faults.append("a lone end of line")
        for text in lines:
            name, colon, value = text.partition(b":")
            if not colon or not name or not set(name) <= TOKEN_CHARACTERS or any(b < 32 and b != 9 or b == 127 for b in value):
                self.faults.append(f"field {text[:80]!r}")
            self.fields.append((name.decode("latin-1").lower(), value.decode("latin-1").strip(" \t")))
        for name in {name for name, _ in self.fields} & HOP_BY_HOP:
            self.faults.append(f"{name} belongs to one hop")
        if len(self.values("host")) != 1:
            self.faults.append(f"host stands {len(self.values('host'))} times")
        lengths, codings = self.values("content-length"), self.values("transfer-encoding")
        if codings or len(lengths) > 1 or not all(re.fullmatch(r"\d{1,15}", text) for text in lengths):
            self.faults.append(f"framing {lengths} {codings}")
            return len(data)
        whole = end + 4 + int(lengths[0] if lengths else 0)
        self.body = data[end + 4 : whole]
        return whole if len(data) >= whole else None

    def values(self, name: str) -> list[str]:
        return [value for key, value in self.fields if key == name]

    def readings(self) -> list[bytes]:
        """Its bytes unchanged, and decoded once and twice, in lower case."""
        found = []
        for data in [self.head, self.body]:
            once = unquote_to_bytes(data)
            found += [data.lower(), once.lower(), unquote_to_bytes(once).lower()]
        for encoding in ("utf-8", "utf-16"):
            try:
                found.append(json.dumps(json.loads(self.body.decode(encoding)), ensure_ascii=False).lower().encode())
            except ValueError:
                pass
        return found


class StrictUpstream:
    """Stores the requests of one case at the upstream. Cases are run one after the other."""

    def __init__(self):
        self.requests: list[Forwarded] = []
        self.changed = threading.Condition()
        self._connections: set[socket.socket] = set()
        self._listener = Listener(self._serve)
        self.address = f"127.0.0.1:{self._listener.port}"

    def close(self):
        self._listener.close()

    def begin(self):
        with self.changed:
            self.requests = []

    def end(self, quiet: float) -> list[Forwarded]:
        """The received requests, once nothing has come for a moment, and nothing waits that a busy machine has not read."""
        with self.changed:
            while self.changed.wait(quiet) or self._has_unread():
                pass
            return list(self.requests)

    def _has_unread(self) -> bool:
        return any(fcntl.ioctl(connection.fileno(), termios.FIONREAD, b"\0" * 4) != b"\0" * 4 for connection in self._connections)

    def _serve(self, connection: socket.socket, _number: int):
        with self.changed:
            self._connections.add(connection)
        try:
            self._converse(connection)
        except OSError:
            pass
        finally:
            with self.changed:
                self._connections.discard(connection)
                connection.close()
                self.changed.notify_all()

    def _converse(self, connection: socket.socket):
        data, current = b"", None
        # What is read is stored in the same step, so that it is never nowhere.
        while connection.recv(1, socket.MSG_PEEK):
            whole = []
            with self.changed:
                data += connection.recv(1 << 16)
                while data:
                    if current is None:
                        current = Forwarded()
                        self.requests.append(current)
                    length = current.take(data)
                    if length is None:
                        break
                    current.is_whole = True
                    whole.append(current)
                    data, current = data[length:], None
                self.changed.notify_all()
            for request in whole:
                head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(ANSWER)
                connection.sendall(head + (b"" if request.method == "HEAD" else ANSWER))


def judge_forwarded(case: Case, requests: list[Forwarded]) -> list[str]:
    """What the upstream got but shouldn't have."""
    expect, faults = case.expect, []
    whole = [request for request in requests if request.is_whole]
    if len(whole) > case.most_upstream:
        faults.append(f"{len(whole)} requests reached HSS: {[f'{r.method} {r.target[:60]}' for r in whole]}")
    if case.most_upstream == 0 and case.outcome == "reject" and requests and not whole:
        faults.append("a part of the request reached HSS")
    if "body" in expect and whole and whole[0].body != expect["body"].encode("latin-1"):
        faults.append(f"the body became {whole[0].body[:80]!r}")
    for request in requests:
        faults += request.faults if request.is_whole else []
        if request.is_whole and request.values("x-auth-token") != [TOKEN]:
            faults.append(f"the credential stands {len(request.values('x-auth-token'))} times")
        line = f"{request.method} {request.target}".encode("latin-1")
        readings = request.readings()
        targets = [line.lower(), unquote_to_bytes(line).lower(), unquote_to_bytes(unquote_to_bytes(line)).lower()]
        for text in expect.get("forbidden_target", ["SMUGGLED", "forbidden-op"]):
            if any(text.lower().encode() in reading for reading in targets):
                faults.append(f"{text} in the target {line[:120]!r}")
        for text in expect.get("forbidden_upstream", ["CALLER-FORGED"]):
            if any(text.lower().encode() in reading for reading in readings):
                faults.append(f"{text} reached HSS")
        for name in expect.get("forbidden_headers", ["x-injected"]):
            if request.values(name):
                faults.append(f"the field {name} reached HSS")
    return faults


@dataclass
class Answers:
    """The answers of one HTTP/1.1 connection: (status, fields) of each."""

    final: list[tuple[int, list[tuple[str, str]]]] = field(default_factory=list)
    interim: int = 0
    rest: bytes = b""

    @classmethod
    def of(cls, data: bytes, head_responses: list[bool]) -> "Answers":
        answers, place = cls(), 0
        while place < len(data):
            end = data.find(b"\r\n\r\n", place)
            line = re.match(rb"HTTP/1\.1 (\d{3})", data[place : place + 20])
            if end < 0 or not line:
                answers.rest = data[place:] if end < 0 or not line else b""
                break
            fields = [(n.decode("latin-1").strip().lower(), v.decode("latin-1").strip()) for n, _, v in
                      (text.partition(b":") for text in data[place:end].split(b"\r\n")[1:])]
            place = end + 4
            status = int(line[1])
            if status < 200 and status != 101:
                answers.interim += 1
                continue
            is_head = len(answers.final) < len(head_responses) and head_responses[len(answers.final)]
            length = 0 if is_head or status in (204, 304) else int(dict(fields).get("content-length", len(data)))
            answers.final.append((status, fields))
            place = min(place + length, len(data))
        return answers


def judge_answers(case: Case, data: bytes, closed: bool, is_silent: bool) -> list[str]:
    """What the client got but shouldn't have, over HTTP/1.1."""
    expect, faults = case.expect, []
    answers = Answers.of(data, case.head_responses)
    statuses = [status for status, _ in answers.final]
    if TOKEN.encode() in data:
        faults.append("the credential reached the caller")
    if any(name in expect.get("forbidden_response_headers", ["x-injected"]) for _, fields in answers.final for name, _ in fields):
        faults.append("a field was put into the answer")
    if len(statuses) > expect.get("max_responses", 1):
        faults.append(f"{len(statuses)} answers: {statuses}")
    if 101 in statuses or (answers.rest and answers.final):
        faults.append(f"no answer: {answers.rest[:60]!r}")
    good = [status for status in statuses if 200 <= status < 300]
    if case.outcome == "accept":
        if not statuses or not 200 <= statuses[0] < 300 or len(statuses) < expect.get("min_responses", 1):
            faults.append(f"answered with {statuses}, served was expected")
        if answers.interim < expect.get("min_1xx", 0):
            faults.append("no 100 Continue came")
    elif case.outcome == "reject":
        tail = statuses[expect["first_statuses"] :] if "first_statuses" in expect else statuses
        if any(200 <= status < 300 for status in tail):
            faults.append(f"served: {statuses}")
        elif tail and tail[0] not in expect.get("statuses", [400]):
            faults.append(f"{tail[0]} is none of {expect.get('statuses', [400])}")
        elif not tail and (is_silent or not expect.get("silent_close_ok", True)):
            faults.append("no answer came")
    elif case.outcome == "close":
        if good:
            faults.append(f"served: {statuses}")
        if not closed and not statuses and not expect.get("hang_ok"):
            faults.append("the connection stays open")
    elif is_silent and not statuses:
        faults.append("no answer came")
    if case.outcome != "accept" and any(status >= 500 and status not in (501, 505, *expect.get("statuses", [])) for status in statuses):
        faults.append(f"a fault of ours: {statuses}")
    if expect.get("close") and statuses and not closed:
        last = dict(answers.final[-1][1])
        if last.get("connection", "").lower() != "close":
            faults.append("the connection stays open behind the fault")
    return faults


def exchange(case: Case, connection: socket.socket | Duplex, patience: float, quiet: float) -> tuple[bytes, bool, bool]:
    """Sends a case as it specifies, and reads until the end, or until nothing more comes: (data, whether it was closed, whether nothing came)."""
    # TLS ends in both directions at once; what is to be closed here is TCP's sending side.
    plain = connection.socket if isinstance(connection, Duplex) else connection
    data, closed = bytearray(), threading.Event()
    news = threading.Condition()

    def listen():
        while True:
            try:
                more = connection.recv(1 << 16)
            except OSError:
                more = b""
            with news:
                data.extend(more)
                if not more:
                    closed.set()
                news.notify_all()
            if not more:
                return

    reader = threading.Thread(target=listen, daemon=True)
    reader.start()
    try:
        for piece, pause in pieces(case):
            connection.sendall(piece)
            if pause:
                time.sleep(pause)
        if case.send.get("half_close"):
            plain.shutdown(socket.SHUT_WR)
    except OSError:
        pass
    end = time.monotonic() + patience
    most = case.expect.get("max_responses", 1)
    # For so many a busy machine gets all the time there is.
    least = max(case.expect.get("min_responses", 1), case.expect.get("first_statuses", 0) + (case.outcome == "reject"))
    with news:
        while not closed.is_set() and time.monotonic() < end:
            count, had = len(Answers.of(bytes(data), case.head_responses).final), len(data)
            left = end - time.monotonic()
            # If the end of the connection is expected, a second answer may take any time: nothing is final before that end.
            wait = quiet if count >= most else min(6 * quiet, left) if count >= least and not case.expect.get("close") else left
            if not news.wait(wait) and count and had == len(data):
                break
    received, was_closed = bytes(data), closed.is_set()
    try:
        plain.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    reader.join(10)
    return received, was_closed, not received and not was_closed


def pieces(case: Case) -> list[tuple[bytes, float]]:
    """The bytes of a case in its pieces, with its pauses (seconds)."""
    step = case.send.get("chunk")
    if step:
        return [(case.raw[i : i + step], case.send.get("delay_ms", 1) / 1000) for i in range(0, len(case.raw), step)]
    found, last = [], 0
    for offset, milliseconds in sorted(case.send.get("pauses", [])):
        found.append((case.raw[last:offset], milliseconds / 1000))
        last = offset
    return [*found, (case.raw[last:], 0)]


def judge_streams(case: Case, connection: http2.Connection) -> list[str]:
    """What the client got but shouldn't have, over HTTP/2."""
    statuses = list(connection.status.values())
    faults = []
    if any(TOKEN.encode() in body for body in connection.bodies.values()):
        faults.append("the credential reached the caller")
    is_served = any(200 <= status < 300 for status in statuses)
    is_told = statuses or connection.resets or connection.goaway is not None or connection.closed
    if case.outcome == "accept" and not is_served or case.outcome == "reject" and is_served:
        faults.append(f"answered with {statuses[:5]}")
    if not is_told:
        faults.append("no answer came")
    if case.outcome != "accept" and any(status >= 500 and status not in (501, 503, 505) for status in statuses):
        faults.append(f"a fault of ours: {statuses[:5]}")
    return faults


def exchange_streams(case: Case, connection: http2.Connection, patience: float, quiet: float):
    """Sends a case's frames, and reads until its streams have ended and nothing more comes."""
    # As a whole, before anything is read: an acknowledgement of the gateway's settings must not come before the preface or between two frames.
    connection.send(case.raw)
    end = time.monotonic() + patience
    while time.monotonic() < end:
        is_done = len(connection.ended | set(connection.resets)) >= case.expect.get("streams", 1) or connection.goaway is not None
        connection.socket.settimeout(quiet if is_done else max(0.01, end - time.monotonic()))
        try:
            if not connection.read():
                break
        except TimeoutError:
            if is_done:
                break
    try:
        socket.socket.shutdown(connection.socket, socket.SHUT_RDWR)
    except OSError:
        pass
