"""Checkpoints, proofs and verification, judged by a verifier that is not ours; and what is left after kill -9."""

import gzip
import json
import os
import random
import shutil
import subprocess
import threading
import time

import pytest

from harness import wire
from harness.deadline import eventually
from harness.transparency import Checkpoint, Inclusion, Key, check_consistency, journal_lines, leaf_hash, tree_hash
from harness.upstream import answer

LIST = "/v5/_/vulnerability/vulnerabilities"
EXPORT = "/v5/_/image/baseline/export"
JSON = [("Content-Type", "application/json")]
# How many times the gateway is killed; HSSGW_TEST_KILLS=200 for the long run.
KILLS = int(os.environ.get("HSSGW_TEST_KILLS", "8"))


def signing(document):
    document["audit"]["checkpoint"] = {"every": 10, "interval": "1s", "anchors": [{"file": "./anchor"}]}
    document["audit"]["rotate"] = {"size": "64KiB"}


def command(*arguments) -> subprocess.CompletedProcess:
    return subprocess.run([os.environ["HSSGW_BINARY"], "audit", *map(str, arguments)], capture_output=True, text=True, timeout=120)


def key_of(gateway) -> Key:
    return Key((gateway.journal.directory / "checkpoint.key.pub").read_text().splitlines()[0])


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A journal of two runs and several segments, and what an anchor kept of it."""
    from harness.process import configuration, serve
    from harness.upstream import Upstream

    directory = tmp_path_factory.mktemp("evidence")
    upstream = Upstream()
    upstream.handler = lambda received, connection: answer(b'{"task_id":"t"}')
    for _ in range(2):
        document = configuration(directory, upstream.url)
        signing(document)
        gateway = serve(directory, document)
        for _ in range(70):
            assert gateway.call("POST", EXPORT, JSON, b"{}").status == 200
        gateway.stop()
    upstream.close()
    return gateway


def test_every_checkpoint_is_the_tree_of_the_records_by_an_independent_reckoning(filled):
    directory, key = filled.journal.directory, key_of(filled)
    leaves = [leaf_hash(line) for line in journal_lines(directory)]
    files = [directory / "checkpoint", *sorted((directory / "checkpoints").iterdir())]
    assert len(files) > 20 and any(directory.glob("journal-*.jsonl.gz"))
    for file in files:
        checkpoint = Checkpoint(file.read_text(), key)
        assert checkpoint.origin.startswith("hss-gateway/") and checkpoint.root == tree_hash(leaves[:checkpoint.size]), file
    assert Checkpoint(files[0].read_text(), key).size == len(leaves), "the end is signed on a clean stop"
    anchored = (filled.directory / "anchor").read_text().strip().split("\n\nhss-gateway")[-1]
    assert Checkpoint("hss-gateway" + anchored + "\n", key).size == len(leaves)
    assert (directory / "checkpoint.key").stat().st_mode & 0o777 == 0o600


def test_proofs_convince_an_independent_verifier(filled):
    directory, key = filled.journal.directory, key_of(filled)
    lines = journal_lines(directory)
    for sequence in [0, 1, 2, len(lines) // 2, len(lines) - 2, len(lines) - 1]:
        result = command("prove", sequence, "--directory", directory)
        assert result.returncode == 0, result.stderr
        proof = Inclusion(result.stdout, key)
        assert (proof.index, proof.record) == (sequence, lines[sequence])
    for file in sorted((directory / "checkpoints").iterdir())[::5]:
        old = Checkpoint(file.read_text(), key)
        result = command("prove", "--since", old.size, "--directory", directory)
        assert result.returncode == 0 and check_consistency(result.stdout, old, key).size == len(lines)
    assert command("prove", len(lines), "--directory", directory).returncode == 2


def test_verify_tells_an_intact_journal_from_a_changed_and_a_rewritten_one(filled, tmp_path):
    directory = tmp_path / "copy"
    shutil.copytree(filled.journal.directory, directory)
    anchor = filled.directory / "anchor"
    result = command("verify", "--directory", directory, "--checkpoint", anchor, "--json")
    assert (result.returncode, json.loads(result.stdout)["verdict"]) == (0, "intact"), result.stdout
    segment = sorted(directory.glob("journal-*.jsonl.gz"))[1]
    lines = gzip.decompress(segment.read_bytes()).split(b"\n")
    place = next(index for index, line in enumerate(lines) if index > 5 and b'"status":200' in line)
    sequence = json.loads(lines[place])["seq"]
    lines[place] = lines[place].replace(b'"status":200', b'"status":403')
    segment.with_suffix("").write_bytes(b"\n".join(lines))
    segment.unlink()
    result = command("verify", "--directory", directory, "--json")
    fault = json.loads(result.stdout)["fault"]
    assert (result.returncode, fault["kind"], fault["first"]) == (9, "changed", sequence), result.stdout
    result = command("prove", sequence, "--directory", directory)
    assert result.returncode == 9 and result.stdout == ""


def test_the_admin_port_gives_checkpoint_proof_and_verdict_of_a_running_gateway(upstream, start):
    gateway = start(upstream.url, signing)
    assert wire.call(gateway.admin, "GET", "/audit/proof/7").status == 404
    for _ in range(30):
        gateway.call("POST", EXPORT, JSON, b"{}")
    key = Key(wire.call(gateway.admin, "GET", "/audit/public-key").body.decode().strip())
    note = eventually(lambda: (r := wire.call(gateway.admin, "GET", "/audit/checkpoint")).status == 200 and r.body.decode(), "a checkpoint")
    checkpoint = Checkpoint(note, key)
    # The first checkpoint may cover less than the calls.
    text = eventually(lambda: (r := wire.call(gateway.admin, "GET", "/audit/proof/3")).status == 200 and r.body.decode(), "a proof")
    proof = Inclusion(text, key)
    assert proof.record == journal_lines(gateway.journal.directory)[3] and proof.checkpoint.size >= checkpoint.size
    report = json.loads(wire.call(gateway.admin, "GET", "/audit/verify", timeout=60).body)
    assert report["verdict"].startswith("intact") and report["signed"] >= checkpoint.size
    assert command("verify", "--directory", gateway.journal.directory).returncode in (0, 10)
    metrics = gateway.metrics()
    assert "hssgw_audit_checkpoint_size " in metrics and 'hssgw_audit_anchor_copies_total{anchor="file:' in metrics
    assert wire.call(gateway.admin, "GET", "/audit/proof/x").status == 400


def test_kill_9_at_random_points_under_load_loses_nothing_that_hss_saw(upstream, start, tmp_path):
    """Many times on one journal: every id that HSS saw has its request record, each is closed once, no number is missing, the tree stands."""
    seed = random.randrange(1 << 30)
    chance = random.Random(seed)
    upstream.handler = lambda received, connection: answer(b'{"task_id":"t"}')
    halt = threading.Event()
    place = {}

    def load():
        while not halt.is_set():
            address = place.get("data")
            try:
                wire.call(address, "POST", EXPORT, JSON, b'{"image_name":"x"}', timeout=5)
            except (OSError, wire.Truncated, TypeError, AttributeError):
                halt.wait(0.005)

    threads = [threading.Thread(target=load, daemon=True) for _ in range(8)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(KILLS):
            gateway = start(upstream.url, signing)
            place["data"] = gateway.data
            seen = len(upstream.requests)
            eventually(lambda: len(upstream.requests) > seen + 5, "load")
            # Not a wait for something: the moment of the kill is what is random.
            time.sleep(chance.random() * 0.25)
            gateway.kill()
    finally:
        halt.set()
        for thread in threads:
            thread.join(20)
    gateway = start(upstream.url, signing)
    gateway.stop()
    records = [json.loads(line) for line in journal_lines(gateway.journal.directory)]
    assert [record["seq"] for record in records] == list(range(len(records))), f"seed {seed}"
    asked = [record["id"] for record in records if record["phase"] == "request"]
    closed = [record["id"] for record in records if record["phase"] in ("response", "refusal")]
    assert len(set(asked)) == len(asked) and sorted(asked) == sorted(id_ for id_ in closed if id_ in set(asked)), f"seed {seed}"
    assert len(set(closed)) == len(closed)
    assert len(upstream.requests) <= len(asked), f"HSS saw {len(upstream.requests)}, the journal has {len(asked)}, seed {seed}"
    result = command("verify", "--directory", gateway.journal.directory)
    assert result.returncode == 0, f"{result.stdout} seed {seed}"


def test_without_a_journal_there_is_no_verdict_and_nothing_is_made(filled, tmp_path):
    empty, public = tmp_path / "empty", filled.journal.directory / "checkpoint.key.pub"
    empty.mkdir()
    (empty / "passwd").write_text("not a journal")
    for directory in (empty, tmp_path / "nowhere"):
        for arguments, status in [
            (("verify",), 2), (("verify", "--public-key", public), 9), (("verify", "--checkpoint", filled.directory / "anchor"), 9),
            (("query",), 2), (("tail", "--once"), 2), (("report",), 2), (("trail", "t"), 2), (("prove", "1"), 2), (("key", "show"), 2),
        ]:
            done = command(*arguments, "--directory", directory)
            assert (done.returncode, done.stdout) == (status, ""), (arguments, done.stdout, done.stderr)
            assert "no journal" in done.stderr
    assert [path.name for path in empty.iterdir()] == ["passwd"]


def test_destroyed_records_stay_known_until_an_operator_reloads(start, upstream):
    upstream.handler = lambda received, connection: answer(b'{"task_id":"t"}')
    gateway = start(upstream.url, signing)
    for _ in range(5):
        assert gateway.call("POST", EXPORT, JSON, b"{}").status == 200
    segment = sorted(gateway.journal.directory.glob("journal-*.jsonl"))[-1]
    os.truncate(segment, 100)
    gateway.call("POST", EXPORT, JSON, b"{}")
    eventually(lambda: gateway.readiness().status == 503, "a failing readiness")
    assert "durable records 0 to" in gateway.readiness().body.decode()
    assert "hssgw_audit_damaged 1" in gateway.metrics()
    assert gateway.call("POST", EXPORT, JSON, b"{}").status == 200, "new records are safe, so requests are served"
    assert "journal: journal_failing" in gateway.log and "journal: journal_healed" in gateway.log
    assert wire.call(gateway.admin, "POST", "/-/reload").status == 200
    assert gateway.readiness().status == 200
    gateway.stop()
