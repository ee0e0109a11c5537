"""Power failures, again and again on one journal: unsynced sectors are torn, unsynced names are lost, a failed sync is followed by one that
wrongly succeeds."""

import json
import os
import random
import subprocess
import threading
import time

import pytest

from harness import wire
from harness.deadline import eventually
from harness.faulty_disk import FaultyDisk
from harness.journal import Journal
from harness.transparency import journal_lines
from harness.upstream import answer

EXPORT = "/v5/_/image/baseline/export"
JSON = [("Content-Type", "application/json")]
# How many times; HSSGW_TEST_POWERCUTS=500 for the long run.
CUTS = int(os.environ.get("HSSGW_TEST_POWERCUTS") or "8")
CALLERS = 4


@pytest.fixture
def disk(tmp_path):
    disk = FaultyDisk(tmp_path / "disk")
    yield disk
    disk.close()


class Load:
    """Callers without pauses, and their answers."""

    def __init__(self):
        self.place = None
        self.acknowledged = []
        self.halt = threading.Event()
        self.threads = [threading.Thread(target=self.run, daemon=True) for _ in range(CALLERS)]

    def run(self):
        while not self.halt.is_set():
            try:
                response = wire.call(self.place, "POST", EXPORT, JSON, b'{"image_name":"x"}', timeout=5)
                if response.status == 200:
                    self.acknowledged.append(response.value("Audit-Id"))
            except (OSError, wire.Truncated, TypeError, AttributeError):
                self.halt.wait(0.005)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.halt.set()
        for thread in self.threads:
            thread.join(20)


def test_what_was_acknowledged_outlives_every_power_cut(disk, upstream, start):
    """Each 200 has its two records, each request that HSS saw its first; ids are closed once, numbers have no gap, the tree is valid."""
    seed = random.randrange(1 << 30)
    chance = random.Random(seed)
    upstream.handler = lambda received, connection: answer(b'{"task_id":"t"}')

    def change(document):
        document["audit"] |= {
            "directory": str(disk.path / "audit"), "rotate": {"size": "64KiB"}, "checkpoint": {"every": 10, "interval": "1s", "anchors": []}}

    with Load() as load:
        for _ in range(CUTS):
            gateway = start(upstream.url, change)
            load.place = gateway.data
            told = len(load.acknowledged)
            eventually(lambda: len(load.acknowledged) > told + 5, "load", patience=60)
            if chance.random() < 0.3:
                disk.tell("fsync-error 1")
            # Not a wait: the moment of the power failure is random.
            time.sleep(chance.random() * 0.3)
            gateway.kill()
            disk.tell("fsync-error 0")
            disk.tell(f"cut {chance.randrange(1 << 30)}")
    gateway = start(upstream.url, change)
    gateway.stop()
    directory = disk.path / "audit"
    records = [json.loads(line) for line in journal_lines(directory)]
    assert [record["seq"] for record in records] == list(range(len(records))), f"seed {seed}"
    asked = [record["id"] for record in records if record["phase"] == "request"]
    ended = {record["id"]: record["outcome"] for record in records if record["phase"] == "response"}
    closed = [record["id"] for record in records if record["phase"] in ("response", "refusal")]
    assert len(set(asked)) == len(asked) and len(set(closed)) == len(closed) and set(asked) <= set(closed), f"seed {seed}"
    lost = [id_ for id_ in load.acknowledged if ended.get(id_) != "success"]
    assert not lost, f"{len(lost)} of {len(load.acknowledged)} acknowledged exports are not in the journal, seed {seed}"
    assert len(upstream.requests) <= len(asked), f"HSS saw {len(upstream.requests)}, the journal has {len(asked)}, seed {seed}"
    command = [os.environ["HSSGW_BINARY"], "audit", "verify", "--directory", str(directory)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, f"{result.stdout} seed {seed}"
    print(f"{CUTS} cuts, {len(load.acknowledged)} acknowledged, {len(records)} records, {disk.tell('stats')}")
