"""Callers and upstream of millions of requests in one thread: 30 µs of Python a request, and 20 bytes of memory.

1. What request N is, which answer it gets and how that fails follow from the seed and N alone.
2. Every answer says whose it is, so that one that reaches another caller is noticed.
"""

import contextlib
import hashlib
import random
import re
import select
import socket
from array import array
from collections import Counter

from harness import wire
from harness.endurance import EXPORT, FILE, READ, UNKNOWN, Call
from harness.upstream import answer, head, reset

KINDS = ("read", "export", "file", "unknown")
FAULTS = ("none", "reset", "cut", "503", "nonsense")
OPERATIONS = {"read": "ListHostStatus", "export": "BatchExportBaselineTask", "file": "ListDownloadExportedFile", "unknown": None}
#: Whose file it is by its content: this many differ.
CONTENTS = [bytes([n]) + bytes(range(256)) * 256 for n in range(64)]
DIGESTS = [hashlib.sha256(content).hexdigest() for content in CONTENTS]
NONSENSE = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc"
#: Seconds after which a load in which nothing more happens has failed: longer than any time limit of the gateway.
PATIENCE = 90.0
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
AUDIT_ID = re.compile(rb"\r\naudit-id: *([0-9a-f-]{36})\r\n", re.IGNORECASE)
OFFSET = re.compile(rb"[?&]offset=(\d+)")


class Plan:
    """What every request of a load is and becomes."""

    def __init__(self, requests: int, seed: int, share: float):
        chance = random.Random(seed)
        self.requests = requests
        self.kinds = self._chosen(chance, [80, 8, 8, 4])
        self.faults = self._chosen(chance, [1 - share, *[share / 4] * 4])

    def _chosen(self, chance: random.Random, weights: list[float]) -> bytes:
        """An index into `weights` for each request."""
        batches = (min(1 << 20, self.requests - begin) for begin in range(0, self.requests, 1 << 20))
        return b"".join(bytes(chance.choices(range(len(weights)), weights, k=size)) for size in batches)

    def kind(self, number: int) -> str:
        return KINDS[self.kinds[number]]

    def fault(self, number: int, earlier: int) -> str:
        """How it fails at the upstream when it arrives after so many earlier times: a repetition fails as another request does."""
        return FAULTS[self.faults[(number + earlier) % self.requests]]

    def content(self, number: int) -> bytes:
        """What its caller gets when nothing fails."""
        match self.kinds[number]:
            case 0:
                return b'{"total_num":%d,"data_list":[]}' % number
            case 1:
                return b'{"task_id":"t%d"}' % number
            case 2:
                return CONTENTS[number % len(CONTENTS)]
        return b""

    def contradiction(self, number: int, call: Call, record: dict | None) -> str | None:
        """What is wrong although caller and record agree."""
        kind = self.kind(number)
        if call.status is None:
            return f"request {number} was not answered"
        if kind == "unknown" or FAULTS[self.faults[number]] == "none":
            wanted = 403 if kind == "unknown" else 200
            if call.status != wanted or not call.is_whole:
                return f"request {number}, kind {kind}, without a fault, was answered with {call.status}{'' if call.is_whole else ' and cut off'}"
        if record is None:
            return None
        if record.get("operation") != OPERATIONS[kind] or kind != "unknown" and record["query"] != f"enterprise_project_id=0&offset={number}":
            return f"request {number}, kind {kind}, is recorded as {record.get('operation')} with {record.get('query')}"
        if kind == "file" and call.status == 200 and call.is_whole and record["response_body"].get("sha256") != DIGESTS[number % len(DIGESTS)]:
            return f"the record of file {number} has the digest of another content"
        if kind == "export" and call.status == 200 and call.is_whole and record.get("export") != {"task_id": f"t{number}"}:
            return f"export {number} is recorded as {record.get('export')}"
        return None


class Answers:
    """What the callers saw, by a request's number; in place of a dict of `Call`."""

    def __init__(self, requests: int):
        self.ids = bytearray(16 * requests)
        self.statuses = array("H", bytes(2 * requests))
        self.wholes = bytearray(requests)

    def __len__(self) -> int:
        return len(self.wholes)

    def __iter__(self):
        return iter(range(len(self)))

    def __getitem__(self, number: int) -> Call:
        status = self.statuses[number]
        if not status:
            return Call(None, None, False)
        digits = self.ids[16 * number : 16 * number + 16].hex()
        return Call(f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}", status, self.wholes[number] == 1)

    def get(self, number: int) -> Call | None:
        return self[number] if 0 <= number < len(self) else None

    def items(self):
        return ((number, self[number]) for number in self)


class Loop:
    """Sockets and what to call when one is ready."""

    def __init__(self):
        self._poll = select.epoll()
        self._handlers = {}

    def watch(self, connection: socket.socket, handler):
        connection.setblocking(False)
        self._handlers[connection.fileno()] = handler
        self._poll.register(connection, select.EPOLLIN)

    def want_room(self, connection: socket.socket, is_wanted: bool):
        self._poll.modify(connection, select.EPOLLIN | (select.EPOLLOUT if is_wanted else 0))

    def close(self, connection: socket.socket, end=socket.socket.close):
        if connection.fileno() >= 0:
            del self._handlers[connection.fileno()]
            self._poll.unregister(connection)
            end(connection)

    def turn(self):
        ready = self._poll.poll(PATIENCE)
        assert ready, f"nothing happened for {PATIENCE:g} s"
        for descriptor, _ in ready:
            # An earlier one of these may have closed it; its number may even stand for another by now, which then has nothing to read.
            handler = self._handlers.get(descriptor)
            if handler:
                handler()


class LoopUpstream:
    """HSS as far as the load needs it: counts each request's arrivals, and fails as planned."""

    def __init__(self, loop: Loop, plan: Plan):
        self.loop, self.plan = loop, plan
        self.seen = bytearray(plan.requests)
        self.faults: Counter[str] = Counter()
        self.connections = set()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        loop.watch(self._listener, self._accept)

    def _accept(self):
        try:
            connection, _ = self._listener.accept()
        except BlockingIOError:
            return
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        served = Served(self, connection)
        self.connections.add(served)
        self.loop.watch(connection, served.handle)

    def answer(self, number: int, served: "Served"):
        fault = self.plan.fault(number, self.seen[number])
        self.faults[fault] += 1
        self.seen[number] = min(255, self.seen[number] + 1)
        content, is_file = self.plan.content(number), self.plan.kinds[number] == 2
        if fault == "none":
            served.send(head(len(content)) + content if is_file else answer(content))
        elif fault == "503":
            served.send(answer(b'{"error_code":"HSS.0001","error_msg":"busy"}', 503))
        elif fault == "nonsense":
            served.send(NONSENSE)
        else:
            if fault == "cut":
                served.send(head(len(CONTENTS[0])) + CONTENTS[0][:1000])
            served.end(reset)

    def close(self):
        self.loop.close(self._listener)
        for served in list(self.connections):
            served.end()


class Served:
    """One of the gateway's connections to the upstream."""

    def __init__(self, upstream: LoopUpstream, connection: socket.socket):
        self.upstream, self.connection = upstream, connection
        self.received, self.unsent = b"", b""

    def end(self, how=socket.socket.close):
        self.upstream.connections.discard(self)
        self.upstream.loop.close(self.connection, how)

    def handle(self):
        try:
            if self.unsent:
                self.send(b"")
            data = self.connection.recv(65_536)
            if not data:
                return self.end()
            self.received += data
            return self.take()
        except BlockingIOError:
            return None
        except OSError:
            return self.end()

    def take(self):
        """Answers a request that is whole."""
        border = self.received.find(b"\r\n\r\n") + 4
        if border < 4:
            return None
        length = LENGTH.search(self.received, 0, border)
        whole = border + (int(length[1]) if length else 0)
        if len(self.received) < whole:
            return None
        number = int(OFFSET.search(self.received, 0, border)[1])
        # One request at a time: libcurl sends the next one when it has the answer.
        assert len(self.received) == whole, self.received
        self.received = b""
        return self.upstream.answer(number, self)

    def send(self, data: bytes):
        had_rest, self.unsent = bool(self.unsent), self.unsent + data
        with contextlib.suppress(BlockingIOError):
            self.unsent = self.unsent[self.connection.send(self.unsent) :]
        if bool(self.unsent) != had_rest:
            self.upstream.loop.want_room(self.connection, bool(self.unsent))


class Callers:
    """Callers that send the requests of a plan, each on its own connection and the next one when the last has ended."""

    def __init__(self, loop: Loop, plan: Plan, callers: int):
        self.loop, self.plan, self.count = loop, plan, callers
        self.answers = Answers(plan.requests)
        #: Answers that were not what the upstream sends for that request.
        self.wrong: list[str] = []
        self.active = 0
        self.address, self.numbers = "", iter(())
        post = [("Content-Type", "application/json")]
        self._requests = [self._request("GET", READ), self._request("POST", EXPORT, post, b"{}"), self._request("GET", FILE), self._request("GET", UNKNOWN)]

    @staticmethod
    def _request(method: str, path: str, fields=(), body: bytes | None = None) -> bytes:
        """The request with %d for its number; the journal has it as `request_id`, also of refused targets."""
        return wire.request(method, f"{path}?offset=%d", [*fields, ("X-Request-Id", "%d")], body)

    def request(self, number: int) -> bytes:
        return self._requests[self.plan.kinds[number]] % (number, number)

    def send(self, address: str, numbers: range):
        """Returns when each of them has ended."""
        self.address, self.numbers = address, iter(numbers)
        self.active = self.count
        callers = [Caller(self) for _ in range(self.count)]
        for caller in callers:
            caller.begin()
        while self.active:
            try:
                self.loop.turn()
            except AssertionError as error:
                waiting = [caller.number for caller in callers if caller.connection]
                raise AssertionError(f"{error}: requests {waiting} have no answer") from None


class Caller:
    def __init__(self, load: Callers):
        self.load = load
        self.connection, self.number = None, -1
        self.received, self.border, self.whole = b"", 0, 0

    def begin(self):
        """The next request."""
        number = next(self.load.numbers, None)
        if number is None:
            self.load.active -= 1
            return self.leave()
        self.number = number
        self.received, self.border, self.whole = b"", 0, 0
        if self.connection is None:
            host, port = self.load.address.split(":")
            self.connection = socket.create_connection((host, int(port)), timeout=30)
            self.load.loop.watch(self.connection, self.handle)
        try:
            # As short as it is, it always fits into the buffer of a connection on which nothing is under way.
            self.connection.send(self.load.request(number))
        except OSError:
            # It has no answer, which is a contradiction; the caller goes on.
            self.leave()
            return self.begin()
        return None

    def leave(self):
        if self.connection:
            self.load.loop.close(self.connection)
            self.connection = None

    def handle(self):
        try:
            data = self.connection.recv(1 << 17)
        except BlockingIOError:
            return None
        except OSError:
            data = b""
        if not data:
            self.leave()
            return self.begin()
        self.received = self.received + data if self.received else data
        if not self.border:
            self.border = self.received.find(b"\r\n\r\n") + 4
            if self.border < 4:
                self.border = 0
                return None
            self.read_head()
        if len(self.received) < self.whole:
            return None
        return self.finish()

    def read_head(self):
        answers, number = self.load.answers, self.number
        answers.statuses[number] = int(self.received[9:12])
        name = AUDIT_ID.search(self.received, 0, self.border)
        if name:
            answers.ids[16 * number : 16 * number + 16] = bytes.fromhex(name[1].replace(b"-", b"").decode())
        self.whole = self.border + int(LENGTH.search(self.received, 0, self.border)[1])

    def finish(self):
        answers, number = self.load.answers, self.number
        answers.wholes[number] = 1
        if answers.statuses[number] == 200 and self.received[self.border :] != self.load.plan.content(number):
            self.load.wrong.append(f"request {number} got the answer {self.received[self.border : self.border + 100]}")
        if b"\r\nconnection: close\r\n" in self.received[: self.border].lower():
            self.leave()
        return self.begin()
