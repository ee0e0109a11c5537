"""Reading the journal: the commands with and without a running gateway, the admin API, and the trail of an export."""

import csv
import gzip
import hashlib
import io
import json
import os
import select
import signal
import subprocess
import time

import pytest

from harness import wire
from harness.commands import run
from harness.deadline import eventually
from harness.process import Gateway, clean_environment, write_secret
from harness.upstream import answer, head

LIST = "/v5/_/vulnerability/vulnerabilities"
JSON = [("Content-Type", "application/json")]


def audit(directory, *arguments, status: int = 0) -> str:
    """Runs `hss-gateway audit …` and returns its output."""
    command = [os.environ["HSSGW_BINARY"], "audit", *arguments, "--directory", str(directory / "audit")]
    done = subprocess.run(command, cwd=directory, env=clean_environment(directory), capture_output=True, text=True, timeout=60)
    assert done.returncode == status, f"exit code {done.returncode}: {done.stderr}"
    return done.stdout if status != 2 else done.stderr


def export(gateway, reason: str | None = None) -> tuple[str, bytes, wire.Response]:
    """A complete export: its task, its file, the download's answer."""
    fields = JSON + ([("X-Audit-Reason", reason)] if reason else [])
    task = gateway.call("POST", "/v5/_/image/baseline/export", fields, b'{"export_size":10}').json["task_id"]
    polled = eventually(lambda: (lambda poll: poll if poll.get("task_status") == "success" else None)(gateway.call("GET", f"/v5/_/export-task/{task}").json), "the task")
    download = gateway.call("GET", f"/v5/_/download/{polled['file_id']}")
    return task, download.body, download


def test_the_life_of_an_export_is_one_trail_from_its_task_and_from_its_file(tmp_path):
    gateway = Gateway.start(tmp_path, ["--sandbox"])
    task, content, download = export(gateway, "for the auditors")
    digest = hashlib.sha256(content).hexdigest()
    trail = json.loads(audit(tmp_path, "trail", task, "--format", "json"))
    assert trail["state"] == "downloaded" and trail["task_id"] == task and len(trail["file_ids"]) == 1
    assert trail["created"]["reason"] == "for the auditors" and trail["created"]["asked_for"]["body_bytes"] == 18
    assert [(step["sha256"], step["bytes"]) for step in trail["downloads"]] == [(digest, len(content))]
    assert trail["downloads"][0]["id"] == download.value("Audit-Id")
    assert json.loads(wire.call(gateway.admin, "GET", f"/audit/exports/{task}").body) == trail
    listed = json.loads(wire.call(gateway.admin, "GET", "/audit/exports").body)["exports"]
    assert [entry["task_id"] for entry in listed] == [task]
    gateway.stop()
    # An auditor's file leads back to its export, also without a gateway.
    (tmp_path / "held.zip").write_bytes(content)
    assert json.loads(audit(tmp_path, "trail", "--file", "held.zip", "--format", "json"))["task_id"] == task
    assert f"sha256 {digest}" in audit(tmp_path, "trail", task)
    (tmp_path / "held.zip").write_bytes(content + b"!")
    audit(tmp_path, "trail", "--file", "held.zip", status=1)
    audit(tmp_path, "trail", "no-such-task", status=1)


def test_an_interrupted_download_is_another_outcome_than_a_whole_one(upstream, start, tmp_path):
    gateway = start(upstream.url)
    whole = os.urandom(50_000)

    def handler(received, connection):
        if "/image/baseline/export" in received.target:
            return answer(b'{"task_id":"task-1","record_total_num":3}')
        if "/export-task/" in received.target:
            return answer(b'{"task_id":"task-1","task_status":"success","file_id":"file-1"}')
        connection.sendall(head(len(whole)) + whole[:20_000])
        if len(upstream.requests) == 3:
            connection.close()
            return None
        connection.sendall(whole[20_000:])
        return None

    upstream.handler = handler
    gateway.call("POST", "/v5/_/image/baseline/export", JSON, b"{}")
    gateway.call("GET", "/v5/_/export-task/task-1")
    with pytest.raises(wire.Truncated) as cut:
        gateway.call("GET", "/v5/_/download/file-1")
    gateway.call("GET", "/v5/_/download/file-1")
    directory = gateway.directory
    def downloads() -> list[dict]:
        return json.loads(audit(directory, "trail", "task-1", "--format", "json"))["downloads"]

    # An answer that is cut may be recorded a moment after the cut.
    broken, complete = eventually(lambda: len(found := downloads()) == 2 and found, "both downloads")
    assert broken["outcome"] == "failure" and broken["error"] == "truncated" and complete["outcome"] == "success"
    received = cut.value.received
    assert (broken["bytes"], broken["sha256"]) == (len(received), hashlib.sha256(received).hexdigest())
    assert (complete["bytes"], complete["sha256"]) == (len(whole), hashlib.sha256(whole).hexdigest())
    # The ids are in the record that was written before the call, so that after a crash the download is still
    # connected.
    ahead = [record for record in gateway.journal.records() if record["phase"] == "request" and record["kind"] == "download"]
    assert [record["export"] for record in ahead] == [{"file_id": "file-1"}] * 2


def test_a_part_of_a_file_is_not_the_file_and_all_its_parts_are(upstream, start):
    gateway = start(upstream.url)
    whole = os.urandom(50_000)

    def handler(received, connection):
        if "/image/baseline/export" in received.target:
            return answer(b'{"task_id":"task-1","record_total_num":3}')
        if "/export-task/" in received.target:
            return answer(b'{"task_id":"task-1","task_status":"success","file_id":"file-1"}')
        if received.method == "HEAD":
            return head(len(whole))
        first, last = (int(number) for number in received.value("Range").removeprefix("bytes=").split("-"))
        part = whole[first : last + 1]
        return answer(part, 206, [("Content-Range", f"bytes {first}-{last}/{len(whole)}")])

    upstream.handler = handler
    gateway.call("POST", "/v5/_/image/baseline/export", JSON, b"{}")
    gateway.call("GET", "/v5/_/export-task/task-1")

    def trail() -> dict:
        return wire.call(gateway.admin, "GET", "/audit/exports/task-1?limit=50").json

    assert gateway.call("HEAD", "/v5/_/download/file-1").status == 200
    assert (trail()["state"], trail()["whole_downloads"]) == ("ready", 0)
    one = gateway.call("GET", "/v5/_/download/file-1", [("Range", "bytes=0-9")])
    assert (one.status, one.body) == (206, whole[:10])
    assert gateway.journal.closing(one.value("Audit-Id"))["detail"]["content_range"] == f"bytes 0-9/{len(whole)}"
    assert (trail()["state"], trail()["whole_downloads"]) == ("download_incomplete", 0)
    # The rest of it: the caller has the whole file now.
    gateway.call("GET", "/v5/_/download/file-1", [("Range", f"bytes=10-{len(whole) - 1}")])
    seen = trail()
    assert (seen["state"], seen["whole_downloads"]) == ("downloaded", 1)
    assert [step["whole"] for step in seen["downloads"]] == [False, False, True]


def test_a_caller_that_leaves_in_mid_download_leaves_a_failure(upstream, start):
    gateway = start(upstream.url)
    size = 64 << 20

    def handler(received, connection):
        connection.sendall(head(size))
        for _ in range(size >> 20):
            connection.sendall(bytes(1 << 20))

    upstream.handler = handler
    with wire.Connection(gateway.data, receive_buffer=4096) as connection:
        connection.send(b"GET /v5/_/download/file-1 HTTP/1.1\r\nHost: x\r\n\r\n")
        connection.socket.recv(1000)
    record = eventually(
        lambda: next((r for r in gateway.journal.records() if r["phase"] == "response" and r["kind"] == "download"), None), "the record"
    )
    assert record["outcome"] == "failure" and record["upstream"]["error"] == "caller_left"
    assert record["response_body"]["bytes"] < size and record["export"] == {"file_id": "file-1"}


def test_the_admin_port_pages_through_the_journal_with_the_filters_of_the_command(gateway):
    audit_ids = [gateway.call("GET", LIST).value("Audit-Id") for _ in range(7)]
    gateway.call("GET", "/v5/_/no/such/operation")

    def page(target, fields=None):
        return wire.call(gateway.admin, "GET", target, fields)

    seen, cursor = [], ""
    while cursor is not None:
        answer = page(f"/audit/records?operation=ListVulnerabilities&limit=3{cursor and '&cursor=' + cursor}").json
        assert len(answer["records"]) <= 3
        seen += [record["id"] for record in answer["records"]]
        cursor = answer.get("next_cursor")
        gateway.call("GET", LIST)  # The journal grows between the pages, and no page notices.
    assert seen[: len(audit_ids)] == audit_ids[::-1] and len(set(seen)) == len(seen)
    lines = page("/audit/records?outcome=refused&limit=1", [("Accept", "application/x-ndjson")])
    assert lines.value("Content-Type") == "application/x-ndjson"
    assert json.loads(lines.body)["error_code"] == "HSSGW.4030"
    table = page("/audit/records?limit=5&format=csv")
    assert len(list(csv.DictReader(io.StringIO(table.body.decode())))) == 5
    for format in ["ocsf", "cadf"]:
        assert all(json.loads(line) for line in page(f"/audit/records?limit=5&format={format}").body.splitlines())
    (found,) = page(f"/audit/records/{audit_ids[0]}").json["records"]
    assert found["id"] == audit_ids[0]
    for target, status in [("/audit/records/nobody", 404), ("/audit/exports/nobody", 404), ("/audit/records?limit=0", 400),
                           ("/audit/records?colour=red", 400), ("/audit/records?format=xml", 400), ("/audit/records?cursor=x", 400)]:
        refusal = page(target)
        assert refusal.status == status and refusal.json["error"]
    # A foreign page whose name resolves to this machine can read nothing.
    assert page("/audit/records", [("Host", "attacker.example")]).status == 421


def test_with_a_token_the_page_is_open_and_the_journal_is_not(upstream, start, tmp_path):
    token = write_secret(tmp_path / "token", "the-admin-token")
    gateway = start(upstream.url, lambda document: document["admin"].update(token_file=token))
    assert wire.call(gateway.admin, "GET", "/").status == 200
    assert wire.call(gateway.admin, "GET", "/audit/records").status == 401
    welcome = wire.call(gateway.admin, "GET", "/audit/records", [("Authorization", "Bearer the-admin-token"), ("Host", "gateway.example")])
    assert welcome.status == 200 and welcome.json["records"]


def test_the_commands_answer_beside_a_gateway_and_without_one_and_without_an_index(upstream, start):
    gateway = start(upstream.url)
    for _ in range(5):
        gateway.call("GET", LIST)
    directory = gateway.directory

    def count(*filters):
        return len(json.loads(audit(directory, "query", *filters)))

    assert count("--operation", "ListVulnerabilities") == 5 and count("--caller", "nobody") == 0
    misspelt = run(directory, "audit", "query", "--operation", "ListVulnerabilites", "--directory", "audit")
    assert (misspelt.returncode, json.loads(misspelt.stdout)) == (0, []) and "did you mean `ListVulnerabilities`?" in misspelt.stderr
    assert count("--phase", "event") == 1 and count("--since", "1h", "--kind", "read", "--outcome", "success") == 5
    gateway.stop()
    assert count() == 7
    index = directory / "audit" / "index"
    for file in index.iterdir():
        file.unlink()
    (index / "records.sqlite").write_bytes(b"no database at all" * 1000)
    assert count("--operation", "ListVulnerabilities") == 5
    first = audit(directory, "query", "--limit", "2", "--format", "ndjson").splitlines()
    assert [json.loads(line)["seq"] for line in first] == [6, 5]
    assert audit(directory, "query", "--format", "table").count("\n") == 8
    assert "--kind is none of read, write, export, download" in audit(directory, "query", "--kind", "reads", status=2)
    report = json.loads(audit(directory, "report", "--format", "json"))
    assert [(row["caller"], row["calls"]) for row in report["callers"]] == [("team", 5)]


def test_a_report_counts_only_what_a_signed_checkpoint_covers_and_nothing_of_a_broken_journal(upstream, start, tmp_path):
    gateway = start(upstream.url)
    for _ in range(5):
        gateway.call("GET", LIST)
    gateway.stop()
    directory = gateway.directory
    segment = next((directory / "audit").glob("journal-*.jsonl"))
    lines = segment.read_text().splitlines()
    # A record after the last checkpoint, as after a crash.
    late = json.loads(lines[-2])
    segment.write_text("\n".join([*lines, lines[-2].replace(f'"seq":{late["seq"]},', f'"seq":{len(lines)},')]) + "\n")
    report = json.loads(audit(directory, "report", "--format", "json"))
    assert [(row["caller"], row["calls"]) for row in report["callers"]] == [("team", 5)]
    assert (report["records"], report["proved_up_to"], report["unproved_records"]) == (len(lines), len(lines), 1)
    sheet = audit(directory, "report", "--format", "csv")
    assert sheet.startswith("month,caller,") and len(list(csv.DictReader(io.StringIO(sheet)))) == len(sheet.splitlines()) - 1
    assert not sheet.endswith("\n\n"), "an empty line is no row"
    text = audit(directory, "report")
    assert f"Records 0 to {len(lines) - 1} are whole" in text and f"1 records from {len(lines)} on are left out: no checkpoint covers them yet." in text
    # Without the keys no checkpoint can be verified, so nothing is counted.
    key = directory / "audit" / "checkpoint.key.pub"
    key.rename(tmp_path / "kept.pub")
    blind = json.loads(audit(directory, "report", "--format", "json"))
    assert (blind["records"], blind["callers"], blind["unproved_records"]) == (0, [], len(lines) + 1) and "No checkpoint proves" in blind["proof"]
    assert json.loads(audit(directory, "report", "--format", "json", "--public-key", str(tmp_path / "kept.pub")))["records"] == len(lines)
    segment.write_text("\n".join(lines).replace('"status":200', '"status":403', 1) + "\n")
    command = [os.environ["HSSGW_BINARY"], "audit", "report", "--directory", str(directory / "audit"), "--public-key", str(tmp_path / "kept.pub")]
    done = subprocess.run(command, env=clean_environment(directory), capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (9, "") and "No report: the journal is broken: record" in done.stderr and "was changed" in done.stderr


def test_a_tail_follows_the_journal_over_rotations(upstream, start):
    gateway = start(upstream.url, lambda document: document["audit"].update(rotate={"size": "64KiB", "age": "24h"}))
    command = [os.environ["HSSGW_BINARY"], "audit", "tail", "--format", "ndjson", "--lines", "0", "--directory", str(gateway.directory / "audit")]
    tail = subprocess.Popen(command, env=clean_environment(gateway.directory), stdout=subprocess.PIPE, text=True)
    expected = []

    def call():
        expected.append(gateway.call("GET", LIST, [("X-Request-Id", f"call-{len(expected)}")]).value("Audit-Id"))

    try:
        # Until the first line has come it is unknown whether it has started.
        eventually(lambda: call() or select.select([tail.stdout], [], [], 0)[0], "the first line")
        for _ in range(200):
            call()
        seen = []
        # It began somewhere among the calls; from there on no record is missing or repeated.
        while not seen or seen[-1] != expected[-1]:
            record = json.loads(tail.stdout.readline())
            if record["phase"] != "event":
                seen.append(record["id"])
        assert seen == expected[-len(seen):] and len(seen) > 200
        assert len(list((gateway.directory / "audit").glob("journal-*"))) > 1
    finally:
        tail.send_signal(signal.SIGTERM)
        tail.wait(20)


def test_reconcile_finds_what_went_past_the_gateway(upstream, start):
    gateway = start(upstream.url)
    numbers = iter(range(1, 100))
    upstream.handler = lambda received, connection: answer().replace(b"f" * 32, f"{next(numbers):032d}".encode())
    for _ in range(2):
        gateway.call("DELETE", "/v5/_/app/policy", JSON, b"{}")
    records = [record for record in gateway.journal.records() if record["phase"] == "response"]
    assert all(record["kind"] == "write" for record in records)

    def trace(request_id):
        return {"trace_id": "t" + request_id, "trace_name": "deletePolicy", "service_type": "HSS", "request_id": request_id, "time": now,
                "user": {"name": "robot", "access_key_id": "TESTACCESSKEY0000001"}}

    now = int(time.time() * 1000)
    directory = gateway.directory
    traces = [trace(record["upstream"]["request_id"]) for record in records]
    (directory / "cts.json").write_text(json.dumps({"traces": traces}))
    assert "2 matched, 0 past the gateway, 0 unknown to CTS" in audit(directory, "reconcile", "--cts", "cts.json")
    (directory / "cts.json").write_text(json.dumps({"traces": traces[:1] + [trace("0" * 31 + "x")]}))
    said = json.loads(audit(directory, "reconcile", "--cts", "cts.json", "--format", "json", status=9))
    assert [entry["request_id"] for entry in said["past_the_gateway"]] == ["0" * 31 + "x"]
    assert [entry["seq"] for entry in said["unknown_to_cts"]] == [records[1]["seq"]]


def test_reconcile_counts_the_calls_of_all_gateways_that_use_a_key_and_reads_compressed_pages(upstream, start, tmp_path):
    gateways = [start(upstream.url, directory=tmp_path / name) for name in ("one", "other")]
    numbers = iter(range(1, 100))
    upstream.handler = lambda received, connection: answer().replace(b"f" * 32, f"{next(numbers):032d}".encode())
    for gateway in gateways:
        gateway.call("DELETE", "/v5/_/app/policy", JSON, b"{}")
    now = int(time.time() * 1000)
    traces = [{"trace_id": f"t{number}", "trace_name": "deletePolicy", "service_type": "HSS", "request_id": record["upstream"]["request_id"], "time": now,
               "trace_type": "ApiCall", "user": {"name": "robot", "access_key_id": "TESTACCESSKEY0000001"}}
              for number, record in enumerate(record for gateway in gateways for record in gateway.journal.records() if record["phase"] == "response")]
    console = {"trace_id": "c", "trace_name": "deletePolicy", "service_type": "HSS", "request_id": "null", "time": now, "trace_type": "ConsoleAction",
               "user": {"name": "somebody"}}
    one = gateways[0].directory
    # Two concatenated pages, each saved with a byte order mark; the second overlaps with the first.
    pages = [{"traces": traces[:1]}, {"traces": [*traces, console]}]
    (one / "cts.json.gz").write_bytes(gzip.compress("".join("\ufeff" + json.dumps(page) for page in pages).encode()))
    arguments = ["reconcile", "--cts", "cts.json.gz", "--cts", "cts.json.gz"]
    assert "1 matched, 1 past the gateway, 0 unknown to CTS" in audit(one, *arguments, status=9)
    both = audit(one, *arguments, "--journal", str(gateways[1].directory / "audit"))
    assert "2 matched, 0 past the gateway, 0 unknown to CTS" in both and "Not compared: 1 traces" in both
    (one / "cut.json.gz").write_bytes((one / "cts.json.gz").read_bytes()[:-20])
    assert "damaged or not whole" in audit(one, "reconcile", "--cts", "cut.json.gz", status=2)
