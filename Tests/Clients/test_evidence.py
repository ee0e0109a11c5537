"""Checkpoints, proofs and verification, checked by an independent verifier; and the state after kill -9."""

import gzip
import json
import os
import random
import shutil
import subprocess
import threading
import time
from pathlib import Path

import pytest

from harness import wire
from harness.deadline import eventually
from harness.devtools import Chromium
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
    """A journal of two runs and several segments, with an anchor's copies."""
    from harness.process import configuration, serve
    from harness.upstream import Upstream

    directory = tmp_path_factory.mktemp("evidence")
    upstream = Upstream()
    upstream.handler = lambda received, connection: answer(b'{"task_id":"t"}')
    for _ in range(2):
        document = configuration(directory, upstream.url)
        signing(document)
        gateway = serve(directory, document)
        signed = directory / "audit" / "checkpoints"
        for _ in range(14):
            # One checkpoint for every ten records, however late the signer is.
            count = len(list(signed.iterdir())) if signed.exists() else 0
            for _ in range(5):
                assert gateway.call("POST", EXPORT, JSON, b"{}").status == 200
            eventually(lambda: signed.exists() and len(list(signed.iterdir())) > count, "a checkpoint")
        eventually(lambda: any((directory / "audit").glob("journal-*.jsonl.gz")), "a compressed segment")
        gateway.stop()
    assert len(list((directory / "audit").glob("journal-*.jsonl.gz"))) > 1
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
    beyond = command("prove", len(lines), "--directory", directory)
    assert beyond.returncode == 2 and "No checkpoint covers it yet, or there is no such record: `audit verify` says how far" in beyond.stderr


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
    # The first checkpoint may cover fewer records than the calls.
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
    """Many times on one journal: every id that HSS saw has its request record, each is closed once, no number is missing, the tree is valid."""
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
            # Not a wait: the moment of the kill is random.
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


def put_in_place_of(path: Path, kind: str):
    kept = path.with_name(path.name + ".kept")
    path.rename(kept)
    if kind == "FIFO":
        os.mkfifo(path)
    elif kind == "directory":
        path.mkdir()
    else:
        path.symlink_to({"link": kept, "dangling link": path.with_name("nowhere"), "device": "/dev/zero"}[kind])


@pytest.mark.parametrize("kind", ["FIFO", "directory", "link", "dangling link", "device"])
def test_what_is_no_file_in_the_journal_is_a_verdict_and_holds_nobody_up(filled, tmp_path, kind):
    copy = shutil.copytree(filled.journal.directory, tmp_path / "audit")
    segment = sorted(copy.glob("journal-*.jsonl"))[-1]
    put_in_place_of(segment, kind)
    done = command("verify", "--directory", copy, "--json")
    assert done.returncode == 9, done.stderr
    fault = json.loads(done.stdout)["fault"]
    assert (fault["kind"], fault["file"]) == ("missing_segment", segment.name)
    # A public key next to the journal is read as well, and named when it is unreadable.
    copy = shutil.copytree(filled.journal.directory, tmp_path / "other")
    public = copy / "checkpoint.key.pub"
    put_in_place_of(public, kind)
    done = command("verify", "--directory", copy)
    expected = {"link": (0,), "dangling link": (10,)}.get(kind, (2,))
    assert done.returncode in expected, (done.stdout, done.stderr)
    # The auditor's file may be a pipe.
    reader, writer = os.pipe()
    os.write(writer, (filled.journal.directory / "checkpoint.key.pub").read_bytes())
    os.close(writer)
    with os.fdopen(reader) as pipe:
        named = subprocess.run(
            [os.environ["HSSGW_BINARY"], "audit", "verify", "--directory", filled.journal.directory, "--public-key", f"/dev/fd/{pipe.fileno()}"],
            capture_output=True, text=True, pass_fds=[pipe.fileno()], timeout=60)
    assert named.returncode == 0, named.stderr


def test_destroyed_records_stay_known_until_an_operator_reloads(start, upstream):
    upstream.handler = lambda received, connection: answer(b'{"task_id":"t"}')
    gateway = start(upstream.url, signing)
    for _ in range(5):
        assert gateway.call("POST", EXPORT, JSON, b"{}").status == 200
    segment = sorted(gateway.journal.directory.glob("journal-*.jsonl"))[-1]
    os.truncate(segment, 100)
    gateway.call("POST", EXPORT, JSON, b"{}")
    eventually(lambda: "durable records 0 to" in gateway.readiness().body.decode(), "what was lost")
    assert gateway.readiness().status == 503 and "hssgw_audit_damaged 1" in gateway.metrics()
    eventually(lambda: "journal: journal_failing" in gateway.log and "journal: journal_healed" in gateway.log, "both lines of the log")
    assert gateway.call("POST", EXPORT, JSON, b"{}").status == 200, "new records are safe, so requests are served"
    assert gateway.readiness().status == 503
    assert wire.call(gateway.admin, "POST", "/-/reload").status == 200
    assert gateway.readiness().status == 200
    gateway.stop()


@pytest.fixture
def exported(start, upstream):
    """A journal with one export, from its creation to its download."""
    def handler(received, connection):
        if received.method == "POST":
            return answer(b'{"task_id":"task-1"}')
        if "/export-task/" in received.target:
            return answer(b'{"task_id":"task-1","task_status":"success","file_id":"file-1"}')
        return answer(b"a;b\r\n1;2\r\n")

    upstream.handler = handler
    gateway = start(upstream.url, signing)
    assert gateway.call("POST", EXPORT, JSON, b"{}").status == 200
    assert gateway.call("GET", "/v5/_/export-task/task-1").status == 200
    assert gateway.call("GET", "/v5/_/download/file-1").status == 200
    gateway.stop()
    return gateway


def test_a_bundle_convinces_our_command_and_a_browser_and_names_what_was_changed(exported, browser, tmp_path):
    directory, page = exported.journal.directory, tmp_path / "bundle.html"
    made = command("bundle", "task-1", "--output", page, "--directory", directory)
    assert made.returncode == 0, made.stderr
    for keys in ([], ["--public-key", directory / "checkpoint.key.pub"]):
        done = command("verify-bundle", page, *keys)
        assert (done.returncode, done.stdout.splitlines()[0].split(":")[0]) == (0, "intact"), done.stdout
    text = page.read_text()
    document = json.loads(text.split('id="bundle">\n')[1].split("</script>")[0])
    kinds = [(json.loads(record["line"])["phase"], json.loads(record["line"])["kind"]) for record in document["records"]]
    assert {("request", "export"), ("response", "export"), ("request", "download"), ("response", "download"), ("response", "read")} == set(kinds)
    assert shown(browser, page).startswith("Intact:")

    victim = document["records"][1]
    changed = tmp_path / "changed.html"
    changed.write_text(text.replace('\\"team\\"', '\\"tram\\"', 1))
    done = command("verify-bundle", changed)
    first = document["records"][0]["seq"]
    assert done.returncode == 9 and done.stdout.startswith(f"broken: record {first} was changed"), done.stdout
    assert f"Record {first} is not the one that the checkpoint signs" in shown(browser, changed)
    changed.write_text(text.replace(json.dumps(victim["path"][0])[1:-1], "A" * 43 + "="))
    assert command("verify-bundle", changed).returncode == 9

    alone = tmp_path / "bundle.json"
    audit_id = json.loads(victim["line"])["id"]
    assert command("bundle", audit_id, "--output", alone, "--directory", directory).returncode == 0
    assert json.loads(alone.read_text())["subject"] == f"exchange {audit_id}"
    assert command("verify-bundle", alone).returncode == 0
    assert command("bundle", "nobody", "--output", alone, "--directory", directory).returncode == 1
    assert command("verify-bundle", tmp_path / "nothing").returncode == 2


@pytest.fixture
def browser(tmp_path):
    """Without a network."""
    browser = Chromium(tmp_path, "--host-resolver-rules=MAP * ~NOTFOUND")
    yield browser
    browser.close()


def shown(browser: Chromium, page) -> str:
    """The verdict of a page, once it has reached one."""
    tab = browser.tab()
    try:
        tab.open(f"file://{page}")
        tab.until('["intact", "broken"].includes(document.getElementById("verdict")?.className)', "the page's verdict")
        return tab.run('document.getElementById("verdict").textContent')
    finally:
        tab.close()


def test_a_backup_of_a_running_gateway_becomes_a_gateway_again(start, upstream, tmp_path):
    upstream.handler = lambda received, connection: answer(b'{"task_id":"t"}')
    gateway = start(upstream.url, signing)
    backup = tmp_path / "backup"
    for _ in range(3):
        for _ in range(30):
            assert gateway.call("POST", EXPORT, JSON, b"{}").status == 200
        done = command("backup", backup, "--directory", gateway.journal.directory)
        assert done.returncode == 0 and "key checkpoint.key: in the backup" in done.stdout, done.stdout + done.stderr
    gateway.stop()
    assert subprocess.run(["sha256sum", "--quiet", "-c", "SHA256SUMS"], cwd=backup).returncode == 0
    shutil.rmtree(gateway.journal.directory)

    assert command("restore", backup, "--directory", gateway.journal.directory).returncode == 0
    assert command("verify", "--directory", gateway.journal.directory).returncode in (0, 10)
    again = start(upstream.url, signing)
    assert again.call("POST", EXPORT, JSON, b"{}").status == 200
    again.stop()
    assert command("verify", "--directory", gateway.journal.directory).returncode == 0
    assert [record["event"] for record in again.journal.check_form() if record.get("event") == "journal_restored"] == ["journal_restored"]
    assert command("restore", backup, "--directory", gateway.journal.directory).returncode == 1


def test_usage_counts_what_callers_did_and_what_they_were_refused(exported):
    done = command("usage", "--directory", exported.journal.directory, "--format", "json")
    assert done.returncode == 0, done.stderr
    (caller,) = json.loads(done.stdout)["callers"]
    assert (caller["name"], caller["requests"], caller["exports"]) == ("team", 3, 1) and caller["bytes"] > 0
    assert "team" in command("usage", "--directory", exported.journal.directory).stdout
