"""Copies of checkpoints at places that the gateway's machine can't rewrite: an HTTP server, rsyslog over TLS, PostgreSQL."""

import json
import os
import re
import shutil
import socket
import subprocess

import pytest

from harness.deadline import eventually
from harness.transparency import Checkpoint, Key, journal_lines, leaf_hash, tree_hash
from harness.upstream import Upstream, answer
from harness.witness import WITNESSES

EXPORT = "/v5/_/image/baseline/export"
JSON = [("Content-Type", "application/json")]


@pytest.fixture(params=WITNESSES)
def witness(request, tmp_path):
    witness = WITNESSES[request.param](tmp_path)
    yield witness
    witness.close()


@pytest.fixture
def hss(upstream):
    upstream.handler = lambda received, connection: answer(b'{"task_id":"t"}')
    return upstream


def anchored(*settings):
    def change(document):
        document["audit"]["checkpoint"] = {"every": 10, "interval": "1s", "anchors": list(settings)}

    return change


def exports(gateway, count: int):
    for _ in range(count):
        assert gateway.call("POST", EXPORT, JSON, b"{}").status == 200


def figure(gateway, name: str, labels: str) -> float:
    return float(re.search(rf"^{name}{{{labels}}} (\S+)$", gateway.metrics(), re.M)[1])


def events(gateway) -> list[str]:
    return [record["event"] for record in gateway.journal.records() if record["phase"] == "event"]


def verify(directory, *arguments) -> subprocess.CompletedProcess:
    command = [os.environ["HSSGW_BINARY"], "audit", "verify", "--directory", str(directory), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_an_anchor_that_was_away_catches_up_and_convicts_a_rewritten_history(witness, hss, start, tmp_path):
    gateway = start(hss.url, anchored(witness.setting))
    name = f'anchor="{witness.setting["type"]}"'
    exports(gateway, 20)
    eventually(lambda: figure(gateway, "hssgw_audit_anchor_copies_total", f'{name},result="failure"') > 0, "a failed copy", patience=60)
    eventually(lambda: figure(gateway, "hssgw_audit_anchor_lag_seconds", name) > 0, "a lag")
    eventually(lambda: "anchor_failed" in events(gateway), "the event of the failure")
    assert gateway.readiness().status == 200 and witness.notes() == []
    witness.up()
    eventually(lambda: "anchor_recovered" in events(gateway), "the recovery", patience=120)
    exports(gateway, 20)
    eventually(lambda: figure(gateway, "hssgw_audit_anchor_size", name) >= 80, "the newest checkpoint", patience=60)
    gateway.stop()
    directory = gateway.journal.directory
    key = Key((directory / "checkpoint.key.pub").read_text().splitlines()[0])
    leaves = [leaf_hash(line) for line in journal_lines(directory)]
    eventually(lambda: witness.notes() and Checkpoint(witness.notes()[-1], key).size == len(leaves), "the last checkpoint of the run")
    for note in witness.notes():
        checkpoint = Checkpoint(note, key)
        assert checkpoint.root == tree_hash(leaves[:checkpoint.size])
    kept = tmp_path / "kept"
    kept.write_text(witness.notes()[-1])
    assert verify(directory, "--checkpoint", kept).returncode == 0

    # An attacker with the directory has the key, and writes a consistent history.
    for path in directory.iterdir():
        if not path.name.startswith("checkpoint.key"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    witness.down()
    gateway = start(hss.url, anchored())
    exports(gateway, 60)
    gateway.stop()
    assert verify(directory).returncode == 0, "nothing inside the directory can show it"
    result = verify(directory, "--checkpoint", kept, "--json")
    assert result.returncode == 9 and json.loads(result.stdout)["fault"]["kind"], result.stdout


def test_anchors_that_never_answer_slow_no_request_and_no_stop(hss, start):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        place = f"127.0.0.1:{silent.getsockname()[1]}"
        secret = os.path.join(os.environ["HOME"], "silent-url")
        with open(secret, "w") as file:
            file.write(f"postgresql://nobody@{place}/none")
        gateway = start(hss.url, anchored(
            {"type": "http", "endpoint": f"http://{place}"}, {"type": "syslog", "address": f"tls://{place}"}, {"type": "postgresql", "url_file": secret}))
        exports(gateway, 40)
        eventually(lambda: figure(gateway, "hssgw_audit_anchor_lag_seconds", 'anchor="http"') > 0, "a lag")
        # A clean end, within the time of every stop.
        gateway.stop()
    assert verify(gateway.journal.directory).returncode == 0


def test_a_page_with_200_is_no_anchors_answer(hss, start):
    elsewhere = Upstream()
    pages = [b"<html>Please log in</html>", b"\xef\xbb\xbf \r\n<!DOCTYPE html>"]
    elsewhere.handler = lambda received, connection: answer(pages.pop(0) if pages else b"")
    gateway = start(hss.url, anchored({"type": "http", "endpoint": elsewhere.url}))
    exports(gateway, 10)
    eventually(lambda: figure(gateway, "hssgw_audit_anchor_copies_total", 'anchor="http",result="failure"') == 2, "both were failures", patience=60)
    eventually(lambda: figure(gateway, "hssgw_audit_anchor_copies_total", 'anchor="http",result="success"') > 0, "a copy", patience=60)
    assert "a page came back" in gateway.log
    gateway.stop()
    elsewhere.close()


def test_the_note_in_the_log_is_read_back_by_any_reader_of_json(hss, start):
    gateway = start(hss.url, anchored("stderr"))
    exports(gateway, 10)
    gateway.stop()
    key = Key((gateway.journal.directory / "checkpoint.key.pub").read_text().splitlines()[0])
    entries = [json.loads(line) for line in gateway.log.splitlines() if '"msg":"checkpoint"' in line]
    assert Checkpoint(entries[-1]["note"], key).size == int(entries[-1]["size"]) == len(journal_lines(gateway.journal.directory))
