"""A wall clock that is ahead for a moment makes nothing old: neither what is remembered of exports nor the evidence itself."""

import glob
import os

import pytest

from harness import wire
from harness.clocks import set_clock
from harness.deadline import eventually
from harness.process import configuration, serve
from harness.upstream import answer

EXPORT = "/v5/_/image/baseline/export"
LIST = "/v5/_/vulnerability/vulnerabilities"
DAY = 86_400
JSON = [("Content-Type", "application/json")]


@pytest.fixture
def clock(tmp_path):
    path = tmp_path / "clock"
    set_clock(path, 0)
    return path


@pytest.fixture
def begin(upstream, tmp_path, clock):
    if not glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1"):
        pytest.skip("libfaketime is not installed")
    running = []
    upstream.handler = lambda request, connection: answer(b'{"record_total_num":7,"task_id":"task-%d"}' % len(upstream.requests))

    def begin(change=None):
        directory = tmp_path / "gateway"
        document = configuration(directory, upstream.url)
        document["upstream"] = {"flow_control": "off", "coalesce": "off"}
        document["callers"] = [
            {"name": "team", "authenticate": {"cidr": ["127.0.0.1/32"]}, "projects": ["prod"]}]
        if change:
            change(document)
        # A Swift program finds its arguments only if no library has moved its environment: a shell is first.
        shell = directory / "with-clock"
        shell.write_text(f'#!/bin/sh\nexec "{os.environ["HSSGW_BINARY"]}" "$@"\n')
        shell.chmod(0o755)
        variables = {
            "LD_PRELOAD": glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")[0], "FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1", "HSSGW_WORKERS": "1"}
        running.append(serve(directory, document, variables, binary=str(shell)))
        return running[-1]

    yield begin
    for gateway in running:
        gateway.stop()


def export(gateway, key: str) -> wire.Response:
    return gateway.call("POST", EXPORT, [*JSON, ("Idempotency-Key", key)], b'{"operate_all":true}')


def is_saved(gateway):
    """Waits for two looks of the memory's keeper: the second saves what the first has left."""
    file = gateway.directory / "audit" / "memory"
    for number in range(2):
        before = file.stat().st_mtime_ns
        export(gateway, f"other-{number}")
        eventually(lambda: file.stat().st_mtime_ns != before, "a snapshot")


def test_a_key_of_an_export_is_used_once_however_the_clock_jumps(begin, upstream, clock):
    gateway = begin()
    first = export(gateway, "key-1")
    assert first.json["task_id"] == "task-1"
    eventually((gateway.directory / "audit" / "memory").exists, "a snapshot")
    set_clock(clock, 40 * DAY)
    assert export(gateway, "key-1").json["task_id"] == "task-1", "while it is ahead"
    is_saved(gateway)
    set_clock(clock, 0)
    sent = len(upstream.requests)
    assert export(gateway, "key-1").json["task_id"] == "task-1" and len(upstream.requests) == sent


def test_no_evidence_is_removed_because_a_clock_is_ahead(begin, clock):
    def change(document):
        document["audit"].update(rotate={"size": "64KiB"}, retain="30d", compress="off")
        document["audit"]["checkpoint"] = {"every": 10, "interval": "1s", "anchors": []}

    def segments(gateway) -> list[str]:
        return sorted(path.name for path in (gateway.directory / "audit").glob("journal-*"))

    gateway = begin(change)

    def fill(count: int) -> bool:
        """Whether there are so many segments, after calls that fill a part of one: too many calls for a pause after each."""
        return all(gateway.call("GET", LIST).status == 200 for _ in range(40)) and len(segments(gateway)) >= count

    eventually(lambda: fill(3), "three segments")
    before = segments(gateway)
    set_clock(clock, 400 * DAY)
    # Each closed segment wakes whoever removes old ones.
    eventually(lambda: fill(len(before) + 2), "two more segments")
    eventually(lambda: fill(len(before) + 3), "another one")
    assert segments(gateway)[: len(before)] == before
    assert not [record for record in gateway.journal.records() if record.get("event") == "segments_removed"]
