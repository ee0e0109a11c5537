"""The audit journal, read from its files: its content when HSS receives a request, after crashes, and when the disk is full."""

import hashlib
import itertools
import json
import os
import re
import subprocess
import threading

import pytest

from harness import wire
from harness.deadline import eventually
from harness.journal import Journal
from harness.process import PROJECT, Gateway, configuration
from harness.upstream import answer, head

LIST = "/v5/_/vulnerability/vulnerabilities"
EXPORT = "/v5/_/image/baseline/export"
FILE = "/v5/_/download/some-file"
JSON = [("Content-Type", "application/json")]


def strict(document):
    document["audit"]["durability"] = "strict"


def durable_size(gateway) -> int:
    """How many records the Merkle tree covers."""
    return int(re.search(r"^hssgw_audit_tree_size (\d+)$", gateway.metrics(), re.M)[1])


@pytest.mark.parametrize("change, method, target, body", [
    (None, "POST", EXPORT, b"{}"), (None, "GET", FILE, None), (None, "DELETE", "/v5/_/app/policy", b"{}"), (strict, "GET", LIST, None),
], ids=["an export", "a download", "a write", "a read under strict"])
def test_the_record_of_a_request_is_there_before_hss_sees_it_and_that_of_its_answer_before_the_caller_has_it(
    change, method, target, body, upstream, start
):
    gateway = start(upstream.url, change)
    seen = []

    def look(received, connection):
        records = gateway.journal.records()
        # The tree covers what is durable, and grows just after that: it has to get there without HSS's answer.
        seen.append((records, eventually(lambda: (size := durable_size(gateway)) > records[-1]["seq"] and size, "the record is durable")))
        return answer(b'{"task_id":"t"}')

    upstream.handler = look
    response = gateway.call(method, target, JSON, body)
    after = gateway.journal.of(response.value("Audit-Id"))
    assert response.status == 200
    ((before, size),) = seen
    ahead = before[-1]
    assert (ahead["phase"], ahead["id"], ahead["method"]) == ("request", response.value("Audit-Id"), method)
    assert "outcome" not in ahead and "status" not in ahead and ahead["project"]["id"] == PROJECT
    assert size > ahead["seq"]
    # The caller has the whole answer; its record was there before.
    assert [record["phase"] for record in after] == ["request", "response"]
    assert after[1]["outcome"] == "success" and after[1]["operation"] == ahead["operation"]
    gateway.stop()
    gateway.journal.check_form()


def test_a_read_has_one_record_which_is_there_when_its_answer_is(upstream, start):
    gateway = start(upstream.url)
    for _ in range(20):
        response = gateway.call("GET", LIST)
        assert [record["phase"] for record in gateway.journal.of(response.value("Audit-Id"))] == ["response"]
    gateway.stop()
    records = gateway.journal.check_form()
    assert [record["event"] for record in records if record["phase"] == "event"] == ["start", "stop"]
    assert len(records) == 22


def test_a_download_s_record_has_the_digest_and_a_read_s_only_the_length(upstream, start):
    gateway = start(upstream.url)
    content = os.urandom(300_000)
    upstream.handler = lambda received, connection: answer(content)
    download = gateway.journal.closing(gateway.call("GET", FILE).value("Audit-Id"))
    assert download["response_body"] == {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    read = gateway.journal.closing(gateway.call("GET", LIST).value("Audit-Id"))
    assert read["response_body"] == {"bytes": len(content)}
    body = '{"image_name":"镜像"}'.encode()
    export = gateway.journal.closing(gateway.call("POST", EXPORT, JSON, body).value("Audit-Id"))
    assert export["request_body"] == {"bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}


def test_after_kill_9_under_load_everything_that_hss_saw_is_in_the_journal_and_closed(upstream, start, tmp_path):
    gateway = start(upstream.url)
    held = threading.Event()
    halt = threading.Event()

    numbers = itertools.count(1)

    def sometimes_hold(received, connection):
        # Every fifth answer never comes, so that requests are open when the process is killed.
        if next(numbers) % 5 == 0:
            held.wait(30)
        return answer(b'{"task_id":"t"}')

    upstream.handler = sometimes_hold

    def load(worker: int):
        count = 0
        while not halt.is_set():
            count += 1
            try:
                wire.call(gateway.data, "POST", EXPORT, JSON, b'{"image_name":"%d-%d"}' % (worker, count), timeout=30)
            except (OSError, wire.Truncated):
                pass

    threads = [threading.Thread(target=load, args=(worker,), daemon=True) for worker in range(12)]
    for thread in threads:
        thread.start()
    upstream.wait_for(40)
    gateway.kill()
    halt.set()
    held.set()
    for thread in threads:
        thread.join(20)
    crashed = [json.loads(line) for line in gateway.journal.lines()]
    # A crash can leave half a line; this makes sure that there is one.
    last = gateway.journal.segments()[-1]
    with open(last, "ab") as segment:
        segment.write(b'{"v":1,"seq":99')

    again = start(upstream.url)
    assert again.readiness().status == 200
    assert again.call("POST", EXPORT, JSON, b"{}").status == 200
    again.stop()
    records = again.journal.check_form()
    assert records[: len(crashed)] == crashed, "recovery changed records"
    ahead = {record["request_body"]["sha256"]: record["id"] for record in records if record["phase"] == "request"}
    for received in upstream.requests:
        assert hashlib.sha256(received.body).hexdigest() in ahead, "HSS saw a request that the journal doesn't have"
    closed = {record["id"] for record in crashed if record["phase"] == "response"}
    left_open = {record["id"] for record in crashed if record["phase"] == "request"} - closed
    unknown = {record["id"] for record in records if record.get("outcome") == "unknown"}
    assert left_open and unknown == left_open
    events = [record for record in records if record["phase"] == "event"]
    assert any(record["seq"] >= len(crashed) and "torn" in json.dumps(record) for record in events), events


@pytest.fixture
def small_disk(tmp_path):
    """A separate small file system for the journal, which can be filled."""
    directory = tmp_path / "disk"
    directory.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=512k,mode=0755", "tmpfs", directory], capture_output=True, text=True)
    if mounted.returncode != 0:
        pytest.skip(f"needs the right to mount a tmpfs: {mounted.stderr.strip()}")
    yield directory
    subprocess.run(["umount", "--lazy", directory], check=True)


def test_a_full_disk_refuses_with_5032_before_hss_hears_of_it_and_heals_by_itself(small_disk, upstream, start):
    def change(document):
        document["audit"]["directory"] = str(small_disk / "audit")

    gateway = start(upstream.url, change)
    gateway.journal = Journal(small_disk / "audit")
    assert gateway.call("POST", EXPORT, JSON, b"{}").status == 200
    filler = small_disk / "filler"
    with open(filler, "wb", buffering=0) as file:
        with pytest.raises(OSError):
            while True:
                file.write(b"a" * 4096)

    # The journal's current page still has space for a few records. If the closing record is the one without space, its answer
    # is withheld: the caller must not treat it as recorded.
    accepted = 1
    try:
        while (last := gateway.call("POST", EXPORT, JSON, b"{}")).status == 200:
            accepted += 1
            assert accepted < 200, "the disk is full and the journal goes on"
        withheld = "HSS answered" in last.json["error_msg"]
    except (wire.Truncated, ConnectionResetError):
        withheld = True
    sent = len(upstream.requests)
    assert sent == accepted + withheld
    for refused in (gateway.call("POST", EXPORT, JSON, b"{}"), gateway.call("GET", LIST)):
        assert (refused.status, refused.error_code) == (503, "HSSGW.5032"), refused.body
        assert int(refused.value("Retry-After")) > 0 and refused.json["retryable"] is True
    assert gateway.readiness().status == 503 and "[-]journal" in gateway.readiness().body.decode()
    assert float(re.search(r"^hssgw_audit_write_errors_total (\S+)$", gateway.metrics(), re.M)[1]) > 0
    assert wire.call(gateway.admin, "GET", "/livez").status == 200
    assert len(upstream.requests) == sent

    filler.unlink()
    eventually(lambda: gateway.readiness().status == 200, "readiness after space was freed")
    assert gateway.call("POST", EXPORT, JSON, b"{}").status == 200
    assert gateway.call("GET", LIST).status == 200
    gateway.stop()
    records = gateway.journal.check_form()
    assert len([record for record in records if record["phase"] == "request"]) >= accepted


def test_the_audit_directory_can_be_used_by_one_gateway_only(upstream, start, tmp_path):
    gateway = start(upstream.url)
    path = gateway.directory / "gateway.yaml"
    second = Gateway(tmp_path / "second", ["--config", str(path)])
    assert second.wait() == 4
    assert "audit" in second.log and "Traceback" not in second.log
    assert gateway.call("GET", LIST).status == 200


def test_an_audit_directory_that_cannot_be_written_is_exit_4(small_disk, tmp_path):
    audit = small_disk / "audit"
    audit.mkdir(mode=0o700)
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    document = configuration(tmp_path / "gateway", "http://127.0.0.1:9")
    document["audit"]["directory"] = str(audit)
    path = tmp_path / "gateway" / "gateway.yaml"
    path.write_text(json.dumps(document))
    gateway = Gateway(tmp_path / "gateway", ["--config", str(path)])
    assert gateway.wait() == 4
    assert str(audit) in gateway.log


def test_a_listener_that_is_taken_is_exit_5(upstream, start, tmp_path):
    gateway = start(upstream.url)
    document = configuration(tmp_path / "second", upstream.url)
    document["listeners"][0]["address"] = gateway.data
    path = tmp_path / "second" / "gateway.yaml"
    path.write_text(json.dumps(document))
    second = Gateway(tmp_path / "second", ["--config", str(path)])
    assert second.wait() == 5
    assert gateway.data in second.log and "internal" in second.log


def test_a_bad_configuration_is_exit_3_and_names_every_place(tmp_path):
    tmp_path = tmp_path / "gateway"
    tmp_path.mkdir()
    path = tmp_path / "gateway.yaml"
    path.write_text("upstream:\n  conect_timeout: 3s\n  idle_timeout: soon\npolicy:\n  - { name: a, action: permit }\n")
    gateway = Gateway(tmp_path, ["--config", str(path)])
    assert gateway.wait() == 3
    assert "gateway.yaml:2:3" in gateway.log and "connect_timeout" in gateway.log
    assert "gateway.yaml:3:17" in gateway.log and "gateway.yaml:5:24" in gateway.log
    assert not (tmp_path / "audit").exists()


def test_sigterm_lets_what_is_under_way_finish_and_takes_nothing_new(upstream, start):
    gateway = start(upstream.url)
    content = bytes(range(256)) * 4000
    may_end = threading.Event()

    def slowly(received, connection):
        connection.sendall(head(len(content)) + content[:1000])
        may_end.wait(180)
        connection.sendall(content[1000:])

    upstream.handler = slowly

    def is_refused() -> bool:
        try:
            wire.Connection(gateway.data).close()
            return False
        except ConnectionRefusedError:
            return True

    with wire.Connection(gateway.data) as connection, wire.Connection(gateway.data) as idle:
        connection.send(wire.request("GET", FILE))
        response = connection.head()
        received = connection.take(1000)
        gateway.terminate()
        eventually(lambda: gateway.readiness().status == 503, "readiness turning")
        assert idle.is_closed()
        eventually(is_refused, "nobody listens any more")
        assert gateway.process.poll() is None
        may_end.set()
        received += connection.take(len(content) - 1000)
        assert connection.is_closed()
    assert received == content
    assert gateway.wait() == 0
    records = gateway.journal.check_form()
    assert records[-1]["event"] == "stop"
    assert records[-2]["id"] == response.value("Audit-Id") and records[-2]["outcome"] == "success"
    assert records[-2]["response_body"]["sha256"] == hashlib.sha256(content).hexdigest()


def test_sigterm_does_not_wait_for_ever(upstream, start):
    def change(document):
        document["limits"] = {"drain": "500ms"}

    gateway = start(upstream.url, change)
    over = threading.Event()

    def never(received, connection):
        connection.sendall(head(1000) + b"a" * 10)
        # Longer than the test waits for the gateway's end.
        over.wait(180)

    upstream.handler = never
    with wire.Connection(gateway.data) as connection:
        connection.send(wire.request("GET", FILE))
        response = connection.head()
        gateway.terminate()
        with pytest.raises(wire.Truncated):
            connection.take(1000)
        assert gateway.wait() == 0
    over.set()
    records = gateway.journal.check_form()
    assert records[-1]["event"] == "stop"
    (record,) = [r for r in records if r["id"] == response.value("Audit-Id") and r["phase"] == "response"]
    assert record["outcome"] == "failure"
