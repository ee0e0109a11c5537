"""The operational log: nobody has to read it, and whoever reads it is told the truth."""

import json
import os
import re
from pathlib import Path

import pytest

from harness import wire
from harness.deadline import eventually
from harness.process import configuration, serve, write_secret


class FullPipe:
    """A pipe that takes not one byte more, until somebody drains it."""

    def __init__(self):
        self.reading, self.writing = os.pipe()
        os.set_blocking(self.writing, False)
        try:
            while True:
                os.write(self.writing, b"." * 4096)
        except BlockingIOError:
            pass
        try:
            while True:
                os.write(self.writing, b".")
        except BlockingIOError:
            pass
        os.set_blocking(self.writing, True)

    def drain_until(self, text: bytes) -> list[str]:
        taken = b""
        os.set_blocking(self.reading, False)

        def look():
            nonlocal taken
            try:
                taken += os.read(self.reading, 1 << 20)
            except BlockingIOError:
                pass
            return text in taken and taken.endswith(b"\n")

        eventually(look, f"the line {text!r}")
        return taken.decode().lstrip(".").splitlines()

    def close(self):
        os.close(self.reading)
        os.close(self.writing)


@pytest.fixture
def pipe():
    pipe = FullPipe()
    yield pipe
    pipe.close()


@pytest.fixture
def unread(tmp_path, upstream, pipe):
    """A gateway whose stderr is full from its first line on."""
    document = configuration(tmp_path / "gateway", upstream.url)
    document["audit"]["checkpoint"] = {"every": 1, "interval": "1s"}
    gateway = serve(tmp_path / "gateway", document, stderr=pipe.writing)
    yield gateway
    gateway.kill()


def reload(gateway) -> wire.Response:
    return wire.call(gateway.admin, "POST", "/-/reload", [("Content-Length", "0")])


def test_a_log_that_nobody_reads_stops_nothing(unread):
    for round in range(1, 4):
        write_secret(unread.directory / "access-key", f"TESTACCESSKEY000000{round}")
        write_secret(unread.directory / "secret-key", f"another-secret-{round}")
        rotated = lambda: [record for record in unread.journal.records() if record.get("event") == "credential_rotated"]
        eventually(lambda: len(rotated()) == round, f"rotation {round}")
        assert reload(unread).status == 200
        assert wire.call(unread.admin, "GET", "/livez").status == 200
    unread.stop()
    assert unread.journal.records()[-1]["event"] == "stop"


def test_what_was_dropped_is_counted_and_said_once_somebody_reads(unread, pipe):
    # Each refusal names thousands of unknown keys: some of them are more than the log's buffer holds.
    path = Path(unread.directory / "gateway.yaml")
    path.write_text(json.dumps({f"unknown_key_{number}": number for number in range(2000)}))
    dropped = lambda: int(re.search(r"^hssgw_log_dropped_lines_total (\d+)$", unread.metrics(), re.M).group(1))
    for _ in range(100):
        assert reload(unread).status == 422
        if dropped() > 1:
            break
    assert dropped() > 1
    lines = [json.loads(line) for line in pipe.drain_until(b"log lines dropped")]
    assert lines[0]["msg"] != "log lines dropped, since nobody read them in time"
    said = sum(int(line["lines"]) for line in lines if line["msg"].startswith("log lines dropped"))
    assert 0 < said <= dropped()
    unread.stop()


def test_the_log_as_an_anchor_is_behind_while_nobody_reads_it(unread, pipe):
    def figure(name: str) -> float:
        return float(re.search(rf'^hssgw_audit_anchor_{name}\{{anchor="stderr"\}} (\S+)$', unread.metrics(), re.M).group(1))

    eventually(lambda: figure("lag_seconds") > 0, "a checkpoint that waits")
    assert figure("size") == 0, "no checkpoint was copied to where nobody reads"
    checkpoint = [line for line in pipe.drain_until(b'"msg":"checkpoint"') if '"checkpoint"' in line][0]
    assert json.loads(checkpoint)["note"].count("\n") > 3
    eventually(lambda: figure("size") > 0, "the copy that counts")
    unread.stop()
