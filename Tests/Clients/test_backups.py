"""Backups that are interrupted, made twice or meant to have no keys, and restores into directories however they are written."""

import fcntl
import json
import os
import resource
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from harness.commands import create_key, list_keys, revoke_key, run
from harness.deadline import eventually
from harness.process import clean_environment
from harness.upstream import answer

EXPORT = "/v5/_/image/baseline/export"
JSON = [("Content-Type", "application/json")]


def backup(directory: Path, target: Path, *flags: str, limit: int | None = None) -> subprocess.CompletedProcess:
    """`limit` ends the process (SIGXFSZ) where a file would become longer, as a machine that stops in the middle does."""
    return subprocess.run(
        [os.environ["HSSGW_BINARY"], "audit", "backup", str(target), "--directory", "audit", *flags], cwd=directory,
        env=clean_environment(directory), capture_output=True, text=True, timeout=30,
        preexec_fn=limit and (lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))))


def ignoring_the_limit(limit: int):
    """A file that would become longer is refused (EFBIG), as on a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))


def sums_fit(target: Path) -> bool:
    return subprocess.run(["sha256sum", "--quiet", "-c", "SHA256SUMS"], cwd=target, capture_output=True).returncode == 0


def test_a_backup_that_is_interrupted_leaves_the_one_before(start, upstream, tmp_path):
    upstream.handler = lambda received, connection: answer(b'{"task_id":"t"}')
    gateway = start(upstream.url, lambda document: document["audit"].update(checkpoint={"every": 10, "interval": "1s"}))
    home, kept = gateway.directory, tmp_path / "kept"
    for _ in range(10):
        assert gateway.call("POST", EXPORT, JSON, b"{}").status == 200
    eventually(lambda: (home / "audit/checkpoint").exists(), "a checkpoint")
    assert backup(home, kept).returncode == 0
    segment = kept / "journal/journal-00000000000000000000.jsonl"
    before = segment.read_bytes()
    newest = (home / "audit/checkpoint").read_text()
    for _ in range(40):
        assert gateway.call("POST", EXPORT, JSON, b"{}").status == 200
    eventually(lambda: (home / "audit/checkpoint").read_text() != newest, "another checkpoint")
    gateway.stop()

    for _ in range(2):
        assert backup(home, kept, limit=len(before) + 8_192).returncode < 0
        assert sums_fit(kept) and segment.read_bytes() == before
        again = tmp_path / "again"
        restored = run(home, "audit", "restore", str(kept), "--directory", str(again))
        assert restored.returncode in (0, 10) and (again / segment.name).read_bytes() == before, restored.stderr
        shutil.rmtree(again)
    refused = subprocess.run(
        [os.environ["HSSGW_BINARY"], "audit", "backup", str(kept), "--directory", "audit"], cwd=home, env=clean_environment(home), timeout=30,
        capture_output=True, text=True, preexec_fn=lambda: ignoring_the_limit(len(before) + 8_192))
    assert refused.returncode == 1 and "can't be copied: File too large" in refused.stderr, refused.stderr
    assert sums_fit(kept) and not list(kept.rglob("*.next")), "what failed leaves nothing behind on a disk that is full"
    assert backup(home, kept).returncode == 0 and sums_fit(kept)
    assert segment.read_bytes() == (home / "audit" / segment.name).read_bytes()
    assert not [name for name in kept.rglob("*") if name.name.endswith((".next", ".new"))]
    first = tmp_path / "first"
    assert backup(home, first, limit=16_384).returncode < 0
    assert run(home, "audit", "restore", str(first), "--directory", str(tmp_path / "x")).returncode == 1
    assert backup(home, first).returncode == 0 and sums_fit(first)


@pytest.mark.parametrize("command", ["backup", "restore", "bundle"])
def test_a_checkpoint_from_elsewhere_is_compared_by_every_command_that_takes_one(command, recorded, tmp_path):
    """The journal's end was cut off together with the checkpoints that cover it, and only the anchor knows."""
    shutil.copytree(recorded / "audit", tmp_path / "audit")
    segment, newest = tmp_path / "audit/journal-00000000000000000000.jsonl", tmp_path / "audit/checkpoint"
    kept = tmp_path / "anchor"
    newest.rename(kept)
    lines = segment.read_bytes().splitlines(keepends=True)
    segment.write_bytes(b"".join(lines[:40]))
    for path in (tmp_path / "audit/checkpoints").iterdir():
        if int(path.name) > 40:
            path.unlink()
    shutil.copy(max((tmp_path / "audit/checkpoints").iterdir()), newest)
    assert backup(tmp_path, tmp_path / "cut").returncode == 0
    identity = json.loads(lines[5])["id"]
    ways = {"backup": ["backup", "other", "--directory", "audit"], "restore": ["restore", "cut", "--directory", "other"],
            "bundle": ["bundle", identity, "--directory", "audit", "--output", "other"]}
    done = run(tmp_path, "audit", *ways[command], "--checkpoint", str(kept))
    assert done.returncode == 9 and f"gone from the end: {kept} signs" in done.stderr and done.stdout == "", (done.stdout, done.stderr)
    assert command == "backup" or not (tmp_path / "other").exists()
    assert run(tmp_path, "audit", *ways[command], "--checkpoint", str(newest)).returncode == 0
    # Keys that can't be read are not the same as none.
    shutil.rmtree(tmp_path / "other") if command != "bundle" else (tmp_path / "other").unlink()
    done = run(tmp_path, "audit", *ways[command], "--public-key", "nosuch")
    assert done.returncode == 2 and "nosuch can't be read" in done.stderr and not (tmp_path / "other" / "journal").exists(), done.stderr


def test_a_backup_whose_sums_have_not_all_of_it_is_not_restored(recorded, tmp_path):
    """It had been called intact, and what the sums don't have was left out, or everything was."""
    kept, target = tmp_path / "kept", tmp_path / "restored"
    assert backup(recorded, kept).returncode == 0
    sums = kept / "SHA256SUMS"
    lines = sums.read_text().splitlines(keepends=True)
    for text, code in (("", 1), ("\n", 1), ("".join(line for line in lines if "journal-" not in line), 9)):
        sums.write_text(text)
        done = run(tmp_path, "audit", "restore", str(kept), "--directory", str(target))
        assert done.returncode == code and done.stdout == "" and not target.exists(), (text[:80], done.returncode, done.stdout)
    sums.write_text("".join(lines))
    assert run(tmp_path, "audit", "restore", str(kept), "--directory", str(target)).returncode == 0


def test_a_newer_list_of_keys_is_kept_and_the_way_is_said(start, upstream, tmp_path):
    """A restore of the whole backup would let the revoked key in again."""
    gateway = start(upstream.url, lambda document: document["callers"][0].update(authenticate={"api_key": True}))
    home, kept = gateway.directory, tmp_path / "kept"
    key = create_key(home, "team")["id"]
    gateway.stop()
    assert run(home, "audit", "backup", str(kept), "--config", "gateway.yaml").returncode == 0
    revoke_key(home, key)
    (home / "audit").rename(home / "audit.broken")
    refused = run(home, "audit", "restore", str(kept), "--config", "gateway.yaml")
    assert refused.returncode == 1 and "If it is newer, keep it: restore with --directory instead of --config." in refused.stderr, refused.stderr
    assert not (home / "audit").exists()
    assert run(home, "audit", "restore", str(kept), "--directory", "audit").returncode == 0
    assert [row["revoked"] is not None for row in list_keys(home)] == [True]
    gateway = start(upstream.url, lambda document: document["callers"][0].update(authenticate={"api_key": True}))
    gateway.stop()


def test_a_backup_without_keys_has_none_from_before(recorded, tmp_path):
    kept = tmp_path / "kept"
    assert backup(recorded, kept).returncode == 0 and (kept / "keys/checkpoint.key").exists()
    done = backup(recorded, kept, "--without-keys")
    assert done.returncode == 1 and "keys/checkpoint.key" in done.stderr and "not in the backup" not in done.stdout, done.stdout
    done = backup(recorded, tmp_path / "other", "--without-keys")
    assert done.returncode == 0 and os.listdir(tmp_path / "other/keys") == ["checkpoint.key.pub"]


@pytest.mark.parametrize("target", ["new/", "new", "empty/", "empty//", "."])
def test_a_restore_takes_a_directory_however_it_is_written(target, recorded, tmp_path):
    assert backup(recorded, tmp_path / "kept").returncode == 0
    (tmp_path / "place/empty").mkdir(parents=True)
    here = tmp_path / "place" / ("empty" if target == "." else "")
    done = run(here, "audit", "restore", str(tmp_path / "kept") + "/", "--directory", target)
    assert done.returncode in (0, 10), done.stderr
    path = tmp_path / "place" / ("new" if target.startswith("new") else "empty")
    assert {"checkpoint", "checkpoint.key", "checkpoints", "restored"} < set(os.listdir(path))
    assert run(path, "audit", "verify", "--directory", str(path)).returncode in (0, 10)


def test_two_backups_into_one_directory_do_not_mix(recorded, tmp_path):
    kept = tmp_path / "kept"
    assert backup(recorded, kept).returncode == 0
    lock = os.open(kept, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    (kept / "journal/checkpoint.next").write_text("being written")
    done = backup(recorded, kept)
    assert done.returncode == 1 and "Another backup" in done.stderr
    # A restore takes what is complete, and leaves what is being written.
    assert run(recorded, "audit", "restore", str(kept), "--directory", str(tmp_path / "new")).returncode in (0, 10)
    assert (kept / "journal/checkpoint.next").read_text() == "being written"
    os.close(lock)
    assert backup(recorded, kept).returncode == 0 and not list(kept.rglob("*.next"))
