"""`callers[].notify`: the signed notices for a caller's receiver, from the journal; and that no request waits for them."""

import hashlib
import hmac
import json
import threading
import time

import pytest

from harness.commands import create_key, run
from harness.deadline import eventually
from harness.upstream import Upstream, answer

EXPORT, POLL = "/v5/_/image/baseline/export", "/v5/_/export-task/task-1"
JSON = [("Content-Type", "application/json")]
SECRET = "canary-hook-secret"


@pytest.fixture
def receiver():
    receiver = Upstream()
    yield receiver
    receiver.close()


@pytest.fixture
def gateway(start, upstream, receiver, tmp_path):
    secret = tmp_path / "hook"
    secret.write_text(SECRET + "\n")
    secret.chmod(0o600)

    def change(document):
        document["upstream"] = {"flow_control": "off", "coalesce": "off"}
        document["callers"][0].update(limits={"exports_per_day": 5}, notify={"url": f"{receiver.url}/hook", "secret_file": str(secret)})

    return start(upstream.url, change)


def state(status: str, **more) -> bytes:
    return answer(json.dumps({"task_id": "task-1", "task_status": status, **more}).encode())


def notices(receiver) -> list[dict]:
    return [json.loads(request.body) for request in receiver.requests]


def test_the_end_of_an_export_is_told_once_signed_and_recorded(gateway, upstream, receiver):
    failures = [answer(status=503), answer(status=500)]
    receiver.handler = lambda *_: failures.pop(0) if failures else answer()
    upstream.handler = lambda *_: state("running")
    assert gateway.call("GET", POLL).status == 200
    upstream.handler = lambda *_: state("success", file_id="file-1")
    polls = [gateway.call("GET", POLL) for _ in range(3)]
    eventually(lambda: len(receiver.requests) >= 3 and not failures, "the notice, after two failures")

    def delivered():
        return [record for record in gateway.journal.records() if record.get("event") == "notice_delivered"]

    record = eventually(delivered, "the event")[0]
    assert record["detail"] == {
        "caller": polls and record["detail"]["caller"], "notice": "export_ready:task-1", "kind": "export_ready", "attempts": "3"}
    assert [notice["id"] for notice in notices(receiver)] == ["export_ready:task-1"] * 3
    request = receiver.requests[-1]
    told = json.loads(request.body)
    assert (told["event"], told["task_id"], told["file_id"], told["audit_id"]) == ("export_ready", "task-1", "file-1", polls[0].value("Audit-Id"))
    assert request.target == "/hook" and request.value("X-HSSGW-Event") == "export_ready"
    stamp = request.value("X-HSSGW-Timestamp")
    good = hmac.new(SECRET.encode(), f"{stamp}.".encode() + request.body, hashlib.sha256).hexdigest()
    assert request.value("X-HSSGW-Signature") == f"sha256={good}" and abs(time.time() - int(stamp)) < 60
    assert SECRET not in gateway.log and SECRET.encode() not in b"".join(gateway.journal.lines())
    upstream.handler = lambda *_: state("failure")
    failed = gateway.call("GET", POLL)
    eventually(lambda: notices(receiver)[-1]["event"] == "export_failed", "the failure")
    assert gateway.journal.closing(failed.value("Audit-Id"))["detail"]["task_status"] == "failure"


def test_four_fifths_of_a_day_are_told_once_and_a_receiver_that_hangs_delays_nobody(gateway, upstream, receiver):
    upstream.handler = lambda *_: answer(b'{"task_id":"t"}')
    asked, may_answer = threading.Event(), threading.Event()

    def hang(request, connection):
        asked.set()
        may_answer.wait(60)
        return answer()

    receiver.handler = hang
    try:
        for number in range(5):
            assert gateway.call("POST", EXPORT, JSON, b"{}").status == 200, number
        assert asked.wait(20), "the receiver is asked, and hangs"
        assert gateway.call("GET", POLL).status == 200, "nobody waits for it"
    finally:
        may_answer.set()
    told = eventually(lambda: notices(receiver), "the notice")
    # One that hung for too long is sent again under its id.
    assert len({notice["id"] for notice in told}) == 1
    assert {(notice["event"], notice["limit"]) for notice in told} == {("daily_limit", "5")} and int(told[0]["used"]) >= 4


def test_a_hook_that_everybody_could_read_is_no_setting(gateway, tmp_path):
    text = (gateway.directory / "gateway.yaml").read_text()
    for old, new, told in [("127.0.0.1", "hooks.example", "plain http"), ("/hook\"", "/hook\", \"events\": [\"export_redy\"]", "export_ready")]:
        start = text.index("notify")
        (gateway.directory / "bad.yaml").write_text(text[:start] + text[start:].replace(old, new, 1))
        done = run(gateway.directory, "config", "check", "--config", str(gateway.directory / "bad.yaml"))
        assert done.returncode == 3 and told in done.stderr + done.stdout, done.stderr
