"""What commands write: output that is lost is no success, and nothing but a file is replaced by a file."""

import fcntl
import json
import os
import pty
import select
import stat
import subprocess
import threading
from pathlib import Path

import pytest

from harness.commands import create_key, list_keys, run
from harness.process import clean_environment, configuration
from harness.upstream import answer, head


def to(directory: Path, output, *arguments: str) -> subprocess.CompletedProcess:
    """A command whose stdout is a given file or descriptor."""
    return subprocess.run(
        [os.environ["HSSGW_BINARY"], *arguments], cwd=directory, env=clean_environment(directory), stdin=subprocess.DEVNULL, stdout=output,
        stderr=subprocess.PIPE, text=True, timeout=30)


# Output that is lost.

@pytest.mark.parametrize("arguments", [
    ["audit", "query", "--directory", "audit", "--format", "csv"], ["audit", "query", "--directory", "audit", "--limit", "3"],
    ["audit", "report", "--directory", "audit"], ["audit", "usage", "--directory", "audit", "--format", "json"],
    ["audit", "trail", "task-1", "--directory", "audit"], ["audit", "prove", "3", "--directory", "audit"], ["audit", "verify", "--directory", "audit"],
    ["audit", "key", "show", "--directory", "audit"], ["audit", "tail", "--directory", "audit"], ["config", "schema"],
    ["config", "show", "--config", "gateway.yaml"], ["config", "check", "--config", "gateway.yaml"], ["policy", "suggest", "--directory", "audit"],
    ["caller", "key", "list", "--config", "gateway.yaml"], ["snippet", "curl", "baseline"], ["export", "baseline", "--filters"], ["--help"],
    ["--version"],
], ids=" ".join)
def test_output_that_a_full_disk_does_not_take_is_no_success(arguments, recorded):
    with open("/dev/full", "w") as full:
        done = to(recorded, full, *arguments)
    assert done.returncode == 1 and "could not be written (No space left on device)" in done.stderr, done.stderr


def test_a_reader_that_has_read_enough_is_no_failure(recorded):
    reading, writing = os.pipe()
    os.close(reading)
    done = to(recorded, writing, "audit", "query", "--directory", "audit")
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_pipe_that_does_not_block_gets_everything(recorded):
    whole = run(recorded, "audit", "query", "--directory", "audit").stdout.encode()
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    assert fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4096) < len(whole)
    taken = []
    process = subprocess.Popen(
        [os.environ["HSSGW_BINARY"], "audit", "query", "--directory", "audit"], cwd=recorded, env=clean_environment(recorded), stdout=writing)
    os.close(writing)
    while piece := os.read(reading, 512):
        taken.append(piece)
    os.close(reading)
    assert process.wait(30) == 0 and b"".join(taken) == whole


@pytest.mark.parametrize("lost", ["a full disk", "a reader that has left"])
@pytest.mark.parametrize("kind", [[], ["--virtual"], ["--json"], ["rotate"]], ids=["API key", "virtual key", "JSON", "rotation"])
def test_a_key_that_nobody_was_shown_is_said_to_be_useless(lost, kind, recorded):
    arguments = ["create", "keyed", *kind]
    if kind == ["rotate"]:
        arguments = ["rotate", create_key(recorded, "keyed")["id"]]
    before = {key["id"] for key in list_keys(recorded)}
    if lost == "a full disk":
        with open("/dev/full", "w") as full:
            done = to(recorded, full, "caller", "key", *arguments, "--config", "gateway.yaml")
    else:
        reading, writing = os.pipe()
        os.close(reading)
        done = to(recorded, writing, "caller", "key", *arguments, "--config", "gateway.yaml")
        os.close(writing)
    [made] = {key["id"] for key in list_keys(recorded)} - before
    assert done.returncode == 1 and f"hss-gateway caller key revoke {made}" in done.stderr and "shown once" not in done.stderr, done.stderr


# Nothing but a file is replaced by a file.

def taken_from(pipe: Path) -> tuple[threading.Thread, list[bytes]]:
    content: list[bytes] = []
    reader = threading.Thread(target=lambda: content.append(pipe.read_bytes()), daemon=True)
    reader.start()
    return reader, content


def audit_id(directory: Path) -> str:
    return json.loads((directory / "audit/journal-00000000000000000000.jsonl").read_text().splitlines()[5])["id"]


def test_a_bundle_goes_into_a_pipe_and_leaves_it_one(recorded, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader, content = taken_from(pipe)
    # Without a reader of its own the other end would wait for ever.
    keep = os.open(pipe, os.O_RDWR | os.O_NONBLOCK)
    done = run(recorded, "audit", "bundle", audit_id(recorded), "--directory", "audit", "--output", str(pipe))
    os.close(keep)
    reader.join(20)
    assert done.returncode == 0, done.stderr
    assert stat.S_ISFIFO(pipe.stat().st_mode) and content[0].startswith(b"<!doctype html>") and sorted(os.listdir(tmp_path)) == ["pipe"]


def test_a_bundle_goes_to_a_descriptor(recorded):
    done = run(recorded, "audit", "bundle", audit_id(recorded), "--directory", "audit", "--output", "/proc/self/fd/1")
    assert done.returncode == 0 and done.stdout.startswith("<!doctype html>"), done.stderr


def test_a_bundle_that_a_device_does_not_take_is_no_success(recorded, tmp_path):
    # A link to it, so that a program that replaces what it is told to write does no harm.
    (tmp_path / "full").symlink_to("/dev/full")
    done = run(recorded, "audit", "bundle", audit_id(recorded), "--directory", "audit", "--output", str(tmp_path / "full"))
    assert done.returncode == 1 and "No space left on device" in done.stderr and (tmp_path / "full").is_symlink()


def test_a_ready_file_may_be_a_terminal(tmp_path, upstream):
    ours, theirs = pty.openpty()
    (tmp_path / "terminal").symlink_to(os.ttyname(theirs))
    (tmp_path / "gateway.yaml").write_text(json.dumps(configuration(tmp_path, upstream.url)))
    process = subprocess.Popen(
        [os.environ["HSSGW_BINARY"], "serve", "--config", "gateway.yaml", "--ready-file", "terminal"], cwd=tmp_path, env=clean_environment(tmp_path),
        stderr=subprocess.DEVNULL)
    shown = b""
    try:
        while b"admin=127.0.0.1:" not in shown:
            assert select.select([ours], [], [], 30)[0], shown
            shown += os.read(ours, 4096)
    finally:
        process.terminate()
        assert process.wait(30) == 0
        os.close(ours)
        os.close(theirs)
    assert (tmp_path / "terminal").is_symlink()


def test_an_export_replaces_no_pipe(start, upstream, tmp_path):
    gateway = start(upstream.url)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    done = run(tmp_path, "export", "baseline", "--gateway", f"http://{gateway.data}", "--output", str(pipe), "--force")
    assert done.returncode == 2 and "is no file" in done.stderr and stat.S_ISFIFO(pipe.stat().st_mode) and not upstream.requests


# The file of an export.

def hss(upstream, whenever_downloaded=lambda: None):
    """An HSS with one finished export."""

    def handler(request, connection):
        if request.method == "POST":
            return answer(b'{"task_id":"task-1","record_total_num":7}')
        if "/download/" in request.target:
            whenever_downloaded()
            return head(4) + b"PK.."
        return answer(b'{"task_id":"task-1","task_status":"success","file_id":"file-1","file_name":"hss-x.zip"}')

    upstream.handler = handler


def test_a_whole_file_whose_name_was_taken_meanwhile_is_kept(start, upstream, tmp_path):
    gateway = start(upstream.url)
    hss(upstream, lambda: (tmp_path / "a.zip").write_bytes(b"another"))
    done = run(tmp_path, "export", "baseline", "--gateway", f"http://{gateway.data}", "--output", "a.zip")
    assert done.returncode == 1 and "the whole file is a.zip.part" in done.stderr, done.stderr
    assert (tmp_path / "a.zip").read_bytes() == b"another" and (tmp_path / "a.zip.part").read_bytes() == b"PK.."


def test_a_name_that_is_there_is_told_before_the_download(start, upstream, tmp_path):
    gateway = start(upstream.url)
    hss(upstream)
    (tmp_path / "hss-x.zip").write_bytes(b"another")
    done = run(tmp_path, "export", "baseline", "--gateway", f"http://{gateway.data}")
    assert done.returncode == 1 and "--force" in done.stderr and "--task task-1" in done.stderr, done.stderr
    assert not any("/download/" in request.target for request in upstream.requests)
    done = run(tmp_path, "export", "baseline", "--gateway", f"http://{gateway.data}", "--task", "task-1", "--force")
    assert done.returncode == 0 and (tmp_path / "hss-x.zip").read_bytes() == b"PK.."


def test_no_export_is_made_for_a_file_that_can_not_be_written(start, upstream, tmp_path):
    gateway = start(upstream.url)
    done = run(tmp_path, "export", "baseline", "--gateway", f"http://{gateway.data}", "--output", "missing/a.zip")
    assert done.returncode == 2 and "missing: No such file or directory" in done.stderr and not upstream.requests


# What another answers.

@pytest.mark.parametrize("command", ["whoami", "usage"])
def test_what_answers_for_a_gateway_does_not_act_on_the_terminal(command, upstream, tmp_path):
    upstream.handler = lambda request, connection: answer('{"caller":"a\x9b2J\u202e\u200b\x1b[31m"}'.encode())
    done = run(tmp_path, command, "--gateway", upstream.url)
    assert done.returncode == 0 and done.stdout.startswith('{"caller":"a') and done.stdout.rstrip("\n").isprintable(), done.stdout.encode()
