"""The gateway runs as one user, and people run its commands as another: as root, or as somebody who may not read the journal."""

import json
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import pytest

from harness.commands import COMMAND_SECONDS, create_key, run
from harness.deadline import eventually
from harness.process import STOP_SECONDS, clean_environment

NOBODY = 65534

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another user")


@pytest.fixture
def place():
    """A directory that every user can reach, unlike those of pytest."""
    path = Path(tempfile.mkdtemp(prefix="hssgw-users-", dir="/tmp"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


def begin_as_nobody(directory: Path, *arguments: str) -> subprocess.Popen:
    """By an open descriptor, since the way to the binary may be closed to others."""
    binary = os.open(os.environ["HSSGW_BINARY"], os.O_RDONLY)
    try:
        return subprocess.Popen(
            [f"/proc/self/fd/{binary}", *arguments], pass_fds=[binary], cwd=directory, env=clean_environment(directory), text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, user=NOBODY, group=NOBODY, extra_groups=[])
    finally:
        os.close(binary)


def run_as_nobody(directory: Path, *arguments: str) -> subprocess.CompletedProcess:
    with begin_as_nobody(directory, *arguments) as process:
        try:
            stdout, stderr = process.communicate(timeout=COMMAND_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        return subprocess.CompletedProcess(process.args, process.returncode, stdout, stderr)


def give_away(path: Path):
    for name in [path, *path.rglob("*")]:
        os.chown(name, NOBODY, NOBODY)


def owners(path: Path) -> dict[str, int]:
    return {str(name.relative_to(path)): name.stat().st_uid for name in path.rglob("*")}


def copied(recorded: Path, place: Path) -> Path:
    journal = place / "audit"
    shutil.copytree(recorded / "audit", journal)
    shutil.rmtree(journal / "index", ignore_errors=True)
    journal.chmod(0o700)
    return journal


@only_root
def test_a_user_who_is_not_root_sees_an_export_through_the_stand_in(place):
    """The stand-in closed every connection: it asked for a socket's debugging, which is root's, where it meant TCP's."""
    os.chown(place, NOBODY, NOBODY)
    process = begin_as_nobody(
        place, "serve", "--sandbox", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--audit-directory", "audit", "--ready-file", "ready")
    try:
        eventually(lambda: process.poll() is not None or (place / "ready").exists(), "the ready file")
        ready = dict(line.split("=", 1) for line in (place / "ready").read_text().splitlines())
        done = run_as_nobody(place, "export", "baseline", "--gateway", f"http://{ready['data']}", "--output", "a.zip")
        assert done.returncode == 0 and (place / "a.zip").stat().st_size > 0, done.stderr
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=STOP_SECONDS)
        assert process.returncode == 0, log
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()


@only_root
@pytest.mark.parametrize("arguments", [
    ["audit", "query"], ["audit", "tail", "--once"], ["audit", "trail", "task-1"], ["audit", "report"], ["audit", "usage"], ["audit", "verify"],
    ["audit", "verify", "--public-key", "{key}"], ["audit", "prove", "3"], ["audit", "key", "show"], ["audit", "backup", "{place}/backup"],
    ["audit", "bundle", "task-1", "--output", "{place}/bundle.json"], ["policy", "suggest"],
], ids=" ".join)
def test_a_journal_that_may_not_be_read_is_not_said_to_be_missing(arguments, recorded, place):
    """`audit verify` with a key called it gone, with the exit code of a broken journal."""
    journal = copied(recorded, place)
    key = place / "kept.pub"
    shutil.copy(journal / "checkpoint.key.pub", key)
    key.chmod(0o644)
    done = run_as_nobody(place, *[argument.format(key=key, place=place) for argument in arguments], "--directory", str(journal))
    assert done.returncode == 1 and done.stdout == "", done
    assert "can't be read" in done.stderr and "Permission denied" in done.stderr and "no journal" not in done.stderr.lower(), done.stderr


@only_root
def test_a_journal_whose_directory_is_no_directory_or_missing_is_missing_all_the_same(place):
    (place / "file").write_text("")
    for name in ("file", "nothing"):
        done = run(place, "audit", "verify", "--directory", name)
        assert done.returncode == 2 and f"There is no journal in {name}" in done.stderr


@only_root
def test_what_root_changes_in_a_gateways_directory_can_still_be_read_by_the_gateway(recorded, place):
    """A key that root had rotated could not be read by the gateway, which did not start with it."""
    journal = copied(recorded, place)
    give_away(journal)
    assert run(place, "audit", "query", "--directory", "audit", "--limit", "1").returncode == 0
    assert run(place, "audit", "key", "rotate", "--directory", "audit").returncode == 0
    assert {"index", "index/records.sqlite", "checkpoint.key", "checkpoint.key.pub"} <= owners(journal).keys()
    assert set(owners(journal).values()) == {NOBODY}, owners(journal)
    assert run_as_nobody(place, "audit", "key", "show", "--directory", "audit").returncode == 0
    (journal / "checkpoint.key").unlink()
    assert run(place, "audit", "key", "renew", "--directory", "audit").returncode == 0
    assert set(owners(journal).values()) == {NOBODY}, owners(journal)


@only_root
@pytest.mark.parametrize("given", ["the directory around it", "the empty directory", "nothing"])
def test_what_root_restores_belongs_to_the_gateways_user(given, recorded, place):
    """The block of commands in docs/backup.md left a journal of root's, with which the gateway did not start."""
    journal = copied(recorded, place)
    assert run(place, "audit", "backup", "kept", "--directory", "audit").returncode == 0
    journal.rename(place / "audit.broken")
    state = place / "state"
    state.mkdir(mode=0o755)
    if given == "the empty directory":
        (state / "audit").mkdir()
    if given != "nothing":
        give_away(state / "audit" if given == "the empty directory" else state)
    restored = run(place, "audit", "restore", "kept", "--directory", "state/audit")
    assert restored.returncode in (0, 10), restored.stderr
    assert {"checkpoints", "checkpoint.key", "restored"} <= owners(state / "audit").keys()
    assert set(owners(state / "audit").values()) == {0 if given == "nothing" else NOBODY}, owners(state / "audit")
    assert (state / "audit").stat().st_uid == (0 if given == "nothing" else NOBODY)


@only_root
def test_a_key_that_root_restores_belongs_to_the_owner_of_its_directory(recorded, place):
    copied(recorded, place)
    keys = place / "keys"
    keyed(place, recorded, keys)
    document = json.loads((place / "gateway.yaml").read_text()) | {"audit": {"directory": str(place / "audit")}}
    (place / "gateway.yaml").write_text(json.dumps(document))
    create_key(place, "keyed", "--virtual")
    assert run(place, "audit", "backup", "kept", "--config", "gateway.yaml").returncode == 0
    for gone in ("audit", "keys"):
        shutil.rmtree(place / gone)
    keys.mkdir(mode=0o700)
    give_away(keys)
    restored = run(place, "audit", "restore", "kept", "--config", "gateway.yaml")
    assert restored.returncode in (0, 10), restored.stderr
    assert owners(keys) == {"callers": NOBODY, "master": NOBODY}


@only_root
def test_what_root_writes_in_its_own_directory_stays_roots(recorded, place):
    journal = copied(recorded, place)
    assert run(place, "audit", "key", "rotate", "--directory", "audit").returncode == 0
    assert run(place, "audit", "query", "--directory", "audit", "--limit", "1").returncode == 0
    assert set(owners(journal).values()) == {0}


@only_root
def test_a_link_in_the_place_of_a_draft_gives_nothing_away(recorded, place):
    """The gateway's user could have root's next command give it a file of root's."""
    journal = copied(recorded, place)
    give_away(journal)
    precious = place / "precious"
    precious.write_text("root's")
    os.link(precious, journal / "checkpoint.key.new")
    assert run(place, "audit", "key", "rotate", "--directory", "audit").returncode == 0
    assert precious.read_text() == "root's" and precious.stat().st_uid == 0


def keyed(place: Path, recorded: Path, keys: Path):
    document = json.loads((recorded / "gateway.yaml").read_text())
    document["caller_keys"] = {"store_file": str(keys / "callers"), "master_key_file": str(keys / "master")}
    (place / "gateway.yaml").write_text(json.dumps(document))


@only_root
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o600], ids=oct)
def test_a_list_of_keys_keeps_owner_and_mode(mode, recorded, place):
    """Each key that root made had put a list of mode 0600 in the place of the one that the gateway could read."""
    keys = place / "keys"
    keyed(place, recorded, keys)
    create_key(place, "keyed")
    store = keys / "callers"
    os.chown(store, 0, NOBODY)
    store.chmod(mode)
    key = create_key(place, "keyed")["id"]
    status = store.stat()
    assert (status.st_mode & 0o777, status.st_uid, status.st_gid) == (mode, 0, NOBODY) and key in store.read_text()
    assert not (keys / "callers.new").exists()


@only_root
def test_a_key_that_is_refused_leaves_nothing_behind(recorded, place):
    """It left a directory of root's, with which the gateway did not start."""
    state = place / "state"
    state.mkdir(mode=0o755)
    os.chown(state, NOBODY, NOBODY)
    keyed(place, recorded, state / "keys")
    done = run(place, "caller", "key", "create", "keyed", "--config", "gateway.yaml")
    assert done.returncode == 1 and "run this as that user" in done.stderr and list(state.iterdir()) == []


@pytest.mark.parametrize("command", [
    ["audit", "query", "--database"], ["audit", "verify-database", "--database"], ["fleet", "migrate", "--url-file"], ["fleet", "role", "--url-file"],
], ids=" ".join)
def test_a_database_is_not_named_by_a_file_that_everybody_can_write(command, tmp_path):
    url = tmp_path / "url"
    url.write_text("postgresql://owner:canary-password@127.0.0.1:1/db")
    url.chmod(0o666)
    done = run(tmp_path, *command, str(url))
    assert done.returncode in (1, 7) and "can be changed by every user" in done.stderr and "canary" not in done.stdout + done.stderr, done.stderr
    url.chmod(0o600)
    assert "can't connect" in run(tmp_path, *command, str(url)).stderr
