"""Faults of the disk, and changes from outside, in the journal of a running gateway: the result for each durability, where it is reported, and
that it heals."""

import json
import re

import pytest

from harness import wire
from harness.deadline import eventually
from harness.faulty_disk import FaultyDisk
from harness.journal import Journal
from harness.upstream import answer

EXPORT = "/v5/_/image/baseline/export"
LIST = "/v5/_/vulnerability/vulnerabilities"
JSON = [("Content-Type", "application/json")]
DURABILITIES = ["strict", "strict-exports", "best-effort"]
# More failures than a test makes calls.
ALWAYS = 1_000_000
# Linux's errno: of a disk that is read-only, broken, over quota.
FAILURES = {"read-only": "write-error 30", "broken": "write-error 5", "over quota": "write-error 122", "sync fails": "fsync-error"}


@pytest.fixture
def hss(upstream):
    upstream.handler = lambda received, connection: answer(b'{"task_id":"t"}')
    return upstream


@pytest.fixture
def disk(tmp_path):
    disk = FaultyDisk(tmp_path / "disk")
    yield disk
    disk.close()


@pytest.fixture
def on_disk(disk, hss, start):
    """Starts a gateway whose journal is on the faulty disk."""

    def start_one(durability: str):
        def change(document):
            document["audit"] |= {"directory": str(disk.path / "audit"), "durability": durability}

        gateway = start(hss.url, change)
        gateway.journal = Journal(disk.path / "audit")
        return gateway

    return start_one


def figure(gateway, name: str) -> float:
    return float(re.search(rf"^{name} (\S+)$", gateway.metrics(), re.M)[1])


def export(gateway) -> wire.Response:
    return gateway.call("POST", EXPORT, JSON, b"{}")


def whole(lines: list[bytes]):
    """The records of a journal in which a line may have been cut."""
    for line in lines:
        try:
            yield json.loads(line)
        except ValueError:
            continue


def reasons(gateway) -> list[str]:
    """The healed faults, from the events."""
    return [record["detail"]["reason"] for record in whole(gateway.journal.lines()) if record.get("event") == "journal_healed"]


@pytest.mark.parametrize("durability", DURABILITIES)
@pytest.mark.parametrize("failure", FAILURES)
def test_a_disk_that_takes_nothing_refuses_what_was_promised_and_heals_by_itself(failure, durability, disk, on_disk, hss):
    gateway = on_disk(durability)
    assert export(gateway).status == 200
    disk.tell(f"{FAILURES[failure]} {ALWAYS}")
    if durability == "best-effort":
        # No request waits for the disk, and records that it doesn't accept are kept for later.
        assert [export(gateway).status for _ in range(5)] == [200] * 5
    else:
        # One request finds out: HSS may have received it, and then its outcome is unknown.
        first = export(gateway)
        assert first.status == 503 and first.error_code == "HSSGW.5032"
        sent = len(hss.requests)
        for refused in (export(gateway), gateway.call("GET", LIST)):
            assert (refused.status, refused.error_code) == (503, "HSSGW.5032")
        assert len(hss.requests) == sent, "nothing is sent that can't be recorded"
    eventually(lambda: gateway.readiness().status == 503 and "[-]journal" in gateway.readiness().body.decode(), "readiness turns")
    assert figure(gateway, "hssgw_audit_writable") == 0 and figure(gateway, "hssgw_audit_write_errors_total") > 0
    assert wire.call(gateway.admin, "GET", "/livez").status == 200
    disk.tell("fsync-error 0")
    disk.tell("write-error 5 0")
    eventually(lambda: gateway.readiness().status == 200, "readiness comes back")
    assert export(gateway).status == 200 and figure(gateway, "hssgw_audit_writable") == 1
    eventually(lambda: {"write_failed", "sync_failed"} & set(reasons(gateway)), "the event of the healing")
    gateway.stop()
    records = [record for record in gateway.journal.records() if record["phase"] in ("request", "response")]
    assert len({record["id"] for record in records}) >= len(hss.requests)


@pytest.mark.parametrize("durability", DURABILITIES)
def test_a_slow_disk_makes_those_wait_who_were_promised_something(durability, disk, on_disk):
    """Checked by counting instead of time: an answer that waits for the disk comes after a sync of its own, the others before it."""
    gateway = on_disk(durability)
    assert export(gateway).status == 200
    # Where nobody should wait, whoever does is seen by his slowness as well: a background sync every two seconds leaves any machine time for six calls.
    disk.tell(f"slow-fsync {2_000 if durability == 'best-effort' else 200} {ALWAYS}")

    def syncs() -> int:
        return int(re.search(r"'syncs': (\d+)", disk.tell("stats"))[1])

    before = syncs()
    assert [export(gateway).status for _ in range(6)] == [200] * 6
    if durability == "best-effort":
        # In the background there is one sync after the other; as many as below would take four seconds for each call.
        assert syncs() - before < 12, "somebody waited for the disk"
    else:
        assert syncs() - before >= 12, "an export's request and its end have a sync each before the caller has the answer"
    assert gateway.readiness().status == 200
    disk.tell("slow-fsync 0 0")
    gateway.stop()
    gateway.journal.records()


def delete(segment, directory):
    segment.unlink()


def rename(segment, directory):
    segment.rename(segment.with_suffix(".1"))


def truncate(segment, directory):
    with open(segment, "r+b") as file:
        file.truncate(100)


def replace(segment, directory):
    segment.rename(segment.with_suffix(".1"))
    segment.write_text("other\n")


def extend(segment, directory):
    with open(segment, "ab") as file:
        file.write(b'{"forged":1}\n')


def move_directory(segment, directory):
    directory.rename(directory.with_name("moved"))


INTRUSIONS = {
    delete: "segment_deleted", rename: "segment_renamed", truncate: "segment_truncated", replace: "segment_replaced", extend: "segment_extended",
    move_directory: "segment_renamed",
}


@pytest.mark.parametrize("durability", DURABILITIES)
@pytest.mark.parametrize("intrude", INTRUSIONS, ids=lambda function: function.__name__)
def test_what_somebody_does_to_the_newest_segment_is_noticed_in_one_batch_and_told(intrude, durability, hss, start):
    gateway = start(hss.url, lambda document: document["audit"].update(durability=durability))
    for _ in range(3):
        assert export(gateway).status == 200
    eventually(lambda: len(gateway.journal.lines()) >= (4 if durability == "best-effort" else 7), "the records are in the file")
    intrude(gateway.journal.segments()[-1], gateway.journal.directory)
    # The record that detects it is written to the new segment, so that no request is refused.
    try:
        status = export(gateway).status
    except (wire.Truncated, ConnectionResetError):
        # HSS had answered, and the record of the answer detected it.
        status = 503
    assert status == 200 or durability != "best-effort" and status == 503
    eventually(lambda: figure(gateway, "hssgw_audit_write_errors_total") == 1, "it is counted, once")
    if intrude is truncate:
        # Durable records were destroyed: the gateway goes on and reports it until an operator acknowledges
        # it.
        eventually(lambda: figure(gateway, "hssgw_audit_damaged") == 1 and gateway.readiness().status == 503, "the loss shows")
        assert wire.call(gateway.admin, "POST", "/-/reload", [("Content-Length", "0")]).status == 200
    eventually(lambda: gateway.readiness().status == 200, "the journal heals")
    assert export(gateway).status == 200
    eventually(lambda: INTRUSIONS[intrude] in reasons(gateway), "the event of the healing")
    gateway.stop()
    closed = [record["id"] for record in whole(gateway.journal.lines()) if record["phase"] == "response"]
    assert len(closed) == len(set(closed))
