"""Fault injection after SQLite's example: the Nth system call on the journal's files fails, for every N until a run in which nothing failed any
more."""

import json
import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from harness import wire
from harness.collector import Collector
from harness.deadline import eventually
from harness.process import configuration, serve
from harness.upstream import answer

EXPORT = "/v5/_/image/baseline/export"
# Records of 2 KB, so that a few dozen calls rotate, compress and remove segments.
FIELDS = [("Content-Type", "application/json"), ("X-Audit-Reason", "because " * 128)]
CALLS = 40
# Instead of a status: HSS had answered, and the answer's record could not be written, so the caller must not get all of
# it.
CUT = 0
# The end of the loop; HSSGW_TEST_TORTURE=1000 ends at the first number at which nothing failed, as intended.
LONGEST = int(os.environ.get("HSSGW_TEST_TORTURE", "2"))
CAN_TRACE = subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True).returncode == 0 if shutil.which("strace") else False
# The failing calls. A failing sync makes the journal heal, which is when it cuts files; sockets are written to as well, so these names are given.
FAULTS = {
    "write": ("ENOSPC", [], True),
    "openat": ("EIO", [], True),
    "fdatasync": ("EIO", [], False),
    "fsync": ("EIO", [], False),
    "rename": ("EIO", [], False),
    "renameat": ("EIO", [], False),
    "unlink": ("EIO", [], False),
    "mkdir": ("ENOSPC", [], False),
    "ftruncate": ("EIO", ["fdatasync:error=EIO:when=6+10"], False),
}
# By default the cheapest of each kind.
CHOSEN = list(FAULTS) if LONGEST > 2 else ["write", "fdatasync", "openat", "rename", "unlink", "ftruncate"]


@pytest.fixture
def collector():
    collector = Collector()
    yield collector
    collector.close()


def document_for(directory, upstream, collector) -> dict:
    document = configuration(directory, upstream.url)
    document["audit"] |= {
        "checkpoint": {"every": 10, "interval": "1s", "anchors": [{"file": "./anchor"}]}, "rotate": {"size": "64KiB"}, "retain": "1s",
        "ship": [{"type": "otlp", "endpoint": collector.url, "required": True}],
    }
    return document


def paths(audit) -> list[str]:
    """The existing files, and future ones."""
    segments = [audit / f"journal-{first:020}.jsonl" for first in range(0, 3 * CALLS)]
    checkpoints = [audit / "checkpoints" / f"{size:020}.new" for size in range(0, 3 * CALLS)]
    names = {audit, *audit.iterdir(), *segments, *checkpoints, audit / "checkpoint.new", audit / "frontier.new", audit / "shipping/.otlp.new"}
    return sum((["-P", str(name)] for name in sorted(names)), [])


def is_traced(pid: int) -> bool:
    """Whether strace has attached to every thread: it attaches one by one, and the journal's writer is one of the last."""

    def is_taken(thread: Path) -> bool:
        try:
            return "TracerPid:\t0\n" not in (thread / "status").read_text()
        except (FileNotFoundError, ProcessLookupError):
            return True

    return all(is_taken(thread) for thread in Path(f"/proc/{pid}/task").iterdir())


class Tracer:
    """strace on a running gateway; counts are kept by thread, so one run fails the Nth call of each."""

    def __init__(self, gateway, call: str, number: int):
        error, others, by_path = FAULTS[call]
        self.log = gateway.directory / "trace"
        injections = [f"{call}:error={error}:when={number}", *others]
        self.process = subprocess.Popen(
            ["strace", "-f", "-qq", "-o", self.log, "-p", str(gateway.pid), *(paths(gateway.journal.directory) if by_path else []),
             "-e", "trace=" + ",".join(i.split(":")[0] for i in injections), *sum((["-e", f"inject={i}"] for i in injections), [])],
            stderr=subprocess.PIPE, text=True, start_new_session=True)

        eventually(lambda: is_traced(gateway.pid), "strace at every thread")

    def end(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(20)

    def failed(self, call: str) -> bool:
        return any(f" {call}(" in line and "(INJECTED)" in line for line in self.log.read_text().splitlines())


@pytest.mark.skipif(not CAN_TRACE, reason="needs strace and the right to trace")
@pytest.mark.parametrize("call", CHOSEN)
def test_the_nth_call_on_the_journal_s_files_may_fail_for_every_n(call, upstream, collector, tmp_path):
    """Whatever fails: HSS saw nothing that is not in the journal, nothing was removed that the sink doesn't have, and the next start finds
    everything complete."""
    upstream.handler = lambda received, connection: answer(b'{"task_id":"t"}')
    covered = 0
    for number in range(1, LONGEST + 1):
        directory = tmp_path / f"{call}-{number}"
        collector.records.clear()
        document = document_for(directory, upstream, collector)
        gateway = serve(directory, document)
        assert gateway.call("POST", EXPORT, FIELDS, b"{}").status == 200
        tracer = Tracer(gateway, call, number)
        before = len(upstream.requests)
        statuses = [status_of_export(gateway) for _ in range(CALLS)]
        if number == 1:
            # A segment is removed when it is a second old, so a fast machine needs more calls before the first removal can fail.
            eventually(lambda: statuses.append(status_of_export(gateway)) or tracer.failed(call), f"the first failing {call}")
        tracer.end()
        eventually(lambda: gateway.readiness().status == 200, "the journal's recovery")
        assert set(statuses) <= {200, 503, CUT}, (number, statuses)
        gateway.stop()
        # A second run: its start reads everything back, and its shipper ships the rest.
        gateway = serve(directory, document)
        assert gateway.call("POST", EXPORT, FIELDS, b"{}").status == 200
        gateway.stop()
        lines = collector.lines()
        for line in journal_lines(gateway.journal):
            lines.setdefault(json.loads(line)["seq"], line)
        assert sorted(lines) == list(range(len(lines))), (call, number)
        records = [json.loads(lines[sequence]) for sequence in sorted(lines)]
        asked = [record["id"] for record in records if record["phase"] == "request"]
        closed = [record["id"] for record in records if record["phase"] in ("response", "refusal")]
        assert len(set(asked)) == len(asked) and len(set(closed)) == len(closed) and set(asked) <= set(closed), (call, number)
        assert len(asked) - 2 >= len(upstream.requests) - before - 1, (call, number)
        result = subprocess.run([os.environ["HSSGW_BINARY"], "audit", "verify", "--directory", str(gateway.journal.directory)], capture_output=True, text=True)
        assert result.returncode in (0, 10), (call, number, result.stdout)
        if not tracer.failed(call):
            break
        covered += 1
        shutil.rmtree(directory)
    print(f"{call}: {covered} numbers covered")
    assert covered >= 1, f"nothing failed: {tracer.log.read_text()}"


def status_of_export(gateway) -> int:
    try:
        return gateway.call("POST", EXPORT, FIELDS, b"{}").status
    except (wire.Truncated, ConnectionResetError):
        return CUT


def journal_lines(journal) -> list[bytes]:
    """Lines that a later segment supersedes are left out."""
    lines: dict[int, bytes] = {}
    for segment in journal.segments():
        first = int(segment.name[8:28])
        lines = {sequence: line for sequence, line in lines.items() if sequence < first}
        for line in journal.content(segment).split(b"\n")[:-1]:
            lines[json.loads(line)["seq"]] = line
    return list(lines.values())
