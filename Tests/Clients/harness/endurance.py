"""Load in which every request is followed from the caller over the gateway's journal to the upstream, with faults that a seed decides."""

import json
import random
import ssl
import threading
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from harness import wire
from harness.journal import Journal
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
            except (OSError, wire.Truncated):
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
        query = f"?offset={number}"
        if kind == "export":
            return wire.request("POST", EXPORT + query, [("Content-Type", "application/json")], b"{}")
        return wire.request("GET", {"read": READ, "file": FILE, "unknown": UNKNOWN}[kind] + query)


def compare(calls: dict[int, Call], seen: Counter, journal: Journal, was_killed: bool = False) -> list[str]:
    """Contradictions between caller, journal and upstream, one sentence each.

    While its disk is nearly full the gateway sums refusals up: the answer then has the id of the summary record, which counts for all of them. A
    gateway that was killed may have recorded the end of an answer whose last bytes didn't reach the caller: the record comes first.
    """
    records: dict[int, dict] = {}
    faults = []
    sums: Counter[str] = Counter()
    asked = {call.audit_id: number for number, call in calls.items() if call.audit_id}
    for record in journal.check_form():
        if record.get("event") == "refusals_aggregated":
            sums[record["id"]] += record["detail"]["count"]
        if record["phase"] not in ("response", "refusal"):
            continue
        # The record of a refusal without an operation has no query.
        number = asked.get(record["id"], number_of("/?" + record.get("query", "")))
        if number is None:
            continue
        if number in records:
            faults.append(f"request {number} is closed by two records")
        records[number] = record
    for number, count in seen.items():
        record = records.get(number)
        if record is None or record["phase"] != "response":
            faults.append(f"the upstream saw request {number}, the journal says {record and record['phase']}")
        elif record["outcome"] != "unknown" and record["upstream"]["attempts"] < count:
            faults.append(f"the upstream saw request {number} {count} times, the journal has {record['upstream']['attempts']} attempts")
        if record and record.get("kind") != "read" and record.get("kind") != "download" and count > 1:
            faults.append(f"{record['operation']} {number} was sent {count} times")
    for number, call in calls.items():
        record = records.get(number)
        if call.status is None:
            continue
        if record is None and sums[call.audit_id] and call.status >= 400 and not seen[number]:
            sums[call.audit_id] -= 1
        elif record is None or record["id"] != call.audit_id:
            faults.append(f"request {number} was answered with {call.status} and has the record {record and record['id']}")
        elif call.is_whole and record["status"] != call.status:
            faults.append(f"request {number} was answered with {call.status}, the record says {record['status']}")
        elif call.is_whole and call.status == 200 and (record["outcome"] != "success" or not seen[number]):
            faults.append(f"request {number} ended well, the record says {record['outcome']}, the upstream saw it {seen[number]} times")
        elif not call.is_whole and record["outcome"] == "success" and not was_killed:
            faults.append(f"request {number} was cut off, the record says success")
    return faults


def descriptors(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def summary(calls: dict[int, Call]) -> str:
    found = Counter("none" if c.status is None else f"{c.status}{'' if c.is_whole else ' cut'}" for c in calls.values())
    return json.dumps(dict(sorted(found.items())))
