"""Load in which every request is followed from the caller over the gateway's journal to the upstream, with faults that a seed decides."""

import json
import random
import re
import ssl
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from harness import wire
from harness.upstream import Upstream, answer, head, reset

READ, EXPORT, FILE, UNKNOWN = "/v5/_/host-management/hosts", "/v5/_/image/baseline/export", "/v5/_/download/file-1", "/v5/_/nothing"
CONTENT = bytes(range(256)) * 256


@dataclass
class Call:
    """A request as its caller saw it; `status` is None without an answer, `is_whole` says whether the answer was complete."""

    audit_id: str | None
    status: int | None
    is_whole: bool


class CountingUpstream(Upstream):
    """Counts how often each request arrived by the number in it, and fails as often as configured."""

    def __init__(self, seed: int, share: float, context: ssl.SSLContext | None = None):
        super().__init__(context)
        self.seen: Counter[int] = Counter()
        self.faults: Counter[str] = Counter()
        self.share = share
        self._random = random.Random(seed)
        self._guard = threading.Lock()
        self.handler = self._answer

    def _answer(self, request, connection):
        number = number_of(request.target)
        with self._guard:
            if number is not None:
                self.seen[number] += 1
            self.requests.clear()
            fault = self._random.choice(["reset", "cut", "503", "nonsense"]) if self._random.random() < self.share else None
            self.faults[fault or "none"] += 1
        is_file = "/download/" in request.target
        if fault == "reset":
            return reset(connection)
        if fault == "cut":
            connection.sendall(head(len(CONTENT)) + CONTENT[:1000])
            return reset(connection)
        if fault == "503":
            return answer(b'{"error_code":"HSS.0001","error_msg":"busy"}', 503)
        if fault == "nonsense":
            return b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc"
        if is_file:
            return head(len(CONTENT)) + CONTENT
        return answer(b'{"task_id":"t"}' if request.method == "POST" else b'{"total_num":0,"data_list":[]}')


def number_of(target: str) -> int | None:
    """The number of a load's request, from its query."""
    values = parse_qs(urlsplit(target).query).get("offset")
    return int(values[0]) if values else None


class Load:
    """Callers that send a mix of reads, exports, downloads and refused requests until a number of them is reached or they are stopped."""

    def __init__(self, address, callers: int, seed: int, numbers: range = range(1 << 62)):
        self.calls: dict[int, Call] = {}
        self.stopping = threading.Event()
        #: Requests that nothing answered although their connection stayed open.
        self.stuck: list[int] = []
        self._address = address
        self._numbers = iter(numbers)
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._work, args=(random.Random(seed * 1_000 + n),), daemon=True) for n in range(callers)]

    def start(self):
        for thread in self._threads:
            thread.start()
        return self

    def wait(self):
        for thread in self._threads:
            thread.join()

    def stop(self):
        self.stopping.set()
        self.wait()

    def _work(self, chance: random.Random):
        connection = None
        while not self.stopping.is_set():
            with self._lock:
                number = next(self._numbers, None)
            if number is None:
                break
            kind = chance.choices(["read", "export", "file", "unknown"], [80, 8, 8, 4])[0]
            call = Call(None, None, False)
            try:
                connection = connection or wire.Connection(self._address(), timeout=30)
                connection.send(self._request(kind, number))
                response = connection.head()
                call = Call(response.value("Audit-Id"), response.status, False)
                connection.take(int(response.value("Content-Length")))
                call.is_whole = True
                if (response.value("Connection") or "").lower() == "close":
                    connection.close()
                    connection = None
            except (OSError, wire.Truncated) as error:
                if isinstance(error, TimeoutError):
                    self.stuck.append(number)
                if connection:
                    connection.close()
                connection = None
                # No process listens while a gateway restarts: callers retry as often as real ones do.
                self.stopping.wait(0.02)
            self.calls[number] = call
        if connection:
            connection.close()

    @staticmethod
    def _request(kind: str, number: int) -> bytes:
        # The upstream gets the number in the query, the journal as `request_id`: the record of a refused target has no query.
        query, fields = f"?offset={number}", [("X-Request-Id", str(number))]
        if kind == "export":
            return wire.request("POST", EXPORT + query, [*fields, ("Content-Type", "application/json")], b"{}")
        return wire.request("GET", {"read": READ, "file": FILE, "unknown": UNKNOWN}[kind] + query, fields)


#: Seconds before a kill from which sums of refusals may be lost: they are recorded every ten seconds.
UNRECORDED = 15.0


def compare(calls, seen, records, kills: Sequence[float] = (), further=None) -> list[str]:
    """Contradictions between caller, journal and upstream, one sentence each.

    `calls` and `seen` say by a request's number what its caller saw and how often it arrived, `records` is the journal, of which one record at a time is
    looked at. `further(number, call, record)` may find something else that is wrong.

    Beyond their rate, and while the disk is nearly full, the gateway sums refusals up: the answer then has the id of the summary record, which counts for
    all of them. A gateway that was killed (`kills`, seconds since the epoch) may have recorded the end of an answer whose last bytes didn't reach the
    caller, because the record comes first, and loses the sums of its last seconds.
    """
    faults = []
    # By number: whether a record says that it will be sent (1), and whether one closes it (2).
    states = bytearray(1 + max(calls, default=0))
    sums: Counter[str] = Counter()
    for record in records:
        if record.get("event") == "refusals_aggregated":
            sums[record["id"]] += record["detail"]["count"]
        name = record.get("request_id", "")
        if record["phase"] == "event" or not name.isdecimal():
            continue
        number = int(name)
        call = calls.get(number)
        if call is None:
            faults.append(f"request {number} has a record, and nobody sent it")
        elif record["phase"] == "request":
            if states[number]:
                faults.append(f"request {number} is announced after {'its end' if states[number] & 2 else 'it was announced'}")
            states[number] |= 1
        else:
            faults += _contradictions(number, call, seen[number], record, states[number], bool(kills))
            faults += filter(None, [further and further(number, call, record)])
            states[number] |= 2
    for number in calls:
        if states[number] & 2:
            continue
        call = calls[number]
        if states[number]:
            faults.append(f"request {number} is announced and never closed")
        if seen[number]:
            faults.append(f"the upstream saw request {number}, the journal doesn't say how it ended")
        if call.status is not None and call.status >= 400 and not seen[number] and sums[call.audit_id]:
            sums[call.audit_id] -= 1
        elif call.status is not None and call.status >= 400 and not seen[number] and any(0 < kill - time_of(call.audit_id) < UNRECORDED for kill in kills):
            continue
        elif call.status is not None:
            faults.append(f"request {number} was answered with {call.status} and has no record")
        faults += filter(None, [further and further(number, call, None)])
    left = sum(sums.values())
    if further and left:
        faults.append(f"the journal sums up {left} refusals that nobody got")
    return faults


def _contradictions(number: int, call: Call, count: int, record: dict, state: int, was_killed: bool):
    """What is wrong with a closing record; `count` is how often the upstream saw the request, `state` what earlier records said."""
    is_sent = record["phase"] == "response"
    if state & 2:
        yield f"request {number} is closed by two records"
    if count and not is_sent:
        yield f"the upstream saw request {number}, the journal says {record['phase']}"
    if is_sent and record["outcome"] != "unknown" and record["upstream"]["attempts"] < count:
        yield f"the upstream saw request {number} {count} times, the journal has {record['upstream']['attempts']} attempts"
    if is_sent and record["kind"] != "read" and not state & 1:
        yield f"{record['kind']} {number} was not announced"
    if count > 1 and record.get("kind") not in ("read", "download"):
        yield f"{record.get('operation')} {number} was sent {count} times"
    if call.status is None:
        return
    if record["id"] != call.audit_id:
        yield f"request {number} was answered with {call.status} as {call.audit_id}, and its record is {record['id']}"
    elif call.is_whole and record["status"] != call.status:
        yield f"request {number} was answered with {call.status}, the record says {record['status']}"
    elif call.is_whole and call.status == 200 and (record["outcome"] != "success" or not count):
        yield f"request {number} ended well, the record says {record['outcome']}, the upstream saw it {count} times"
    elif not call.is_whole and record["outcome"] == "success" and not was_killed:
        yield f"request {number} was cut off, the record says success"


def time_of(audit_id: str) -> float:
    """When the exchange of a UUID version 7 began, seconds since the epoch (RFC 9562 section 5.7)."""
    return int(audit_id[:8] + audit_id[9:13], 16) / 1000


def descriptors(gateway) -> int:
    """By its own figure: /proc shows the files of a process that can't be traced to root alone."""
    return int(re.search(r"^process_open_fds (\d+)", gateway.metrics(), re.M)[1])


def summary(calls) -> str:
    found = Counter("none" if c.status is None else f"{c.status}{'' if c.is_whole else ' cut'}" for _, c in calls.items())
    return json.dumps(dict(sorted(found.items())))
