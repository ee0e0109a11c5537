"""Evidence that somebody gives to a command, or that stands in a journal's directory, and that is none."""

import base64
import hashlib
import os
import shutil
from pathlib import Path

import pytest

from harness.commands import run

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("content", ["", "\n", " \n\n"], ids=["nothing", "an empty line", "blanks"])
@pytest.mark.parametrize("command", ["verify", "report"])
def test_a_file_without_a_checkpoint_is_not_taken_for_none_given(command, content, recorded, tmp_path):
    (tmp_path / "kept").write_text(content)
    done = run(recorded, "audit", command, "--directory", "audit", "--checkpoint", str(tmp_path / "kept"))
    assert done.returncode == 2 and f"{tmp_path / 'kept'} holds no checkpoint" in done.stderr and done.stdout == ""


def test_an_anchors_file_with_a_piece_of_a_checkpoint_is_compared_all_the_same(recorded, tmp_path):
    newest = (recorded / "audit/checkpoint").read_text()
    anchor = tmp_path / "anchor"
    for content in (newest + "\n" + newest[:-40], newest[:40] + "\n\n" + newest + "\n", newest[:-40] + "\n\n" + newest + "\n"):
        anchor.write_text(content)
        done = run(recorded, "audit", "verify", "--directory", "audit", "--checkpoint", str(anchor))
        assert done.returncode in (0, 10) and "a piece of a checkpoint" in done.stdout and "from outside" not in done.stdout, done.stdout
    anchor.write_text(newest[:-40])
    done = run(recorded, "audit", "verify", "--directory", "audit", "--checkpoint", str(anchor))
    assert done.returncode == 9 and "is no checkpoint" in done.stdout, done.stdout


@pytest.mark.parametrize("content", ["", '{"v":1'], ids=["an empty segment", "half a line"])
def test_a_journal_without_a_record_is_as_good_as_none(content, recorded, tmp_path):
    (tmp_path / "journal-00000000000000000000.jsonl").write_text(content)
    done = run(tmp_path, "audit", "verify", "--directory", ".")
    assert done.returncode == 2 and "There is no record in ." in done.stderr and done.stdout == ""
    done = run(tmp_path, "audit", "verify", "--directory", ".", "--public-key", str(recorded / "audit/checkpoint.key.pub"))
    assert done.returncode == 9 and "vouches" in done.stderr


@pytest.mark.parametrize("place", ["checkpoint", "checkpoints", "one of them"])
def test_checkpoints_that_can_not_be_read_are_named(place, recorded, tmp_path):
    """They were left out in silence, as if there were fewer of them."""
    shutil.copytree(recorded / "audit", tmp_path / "audit")
    path = tmp_path / "audit" / place if place != "one of them" else sorted((tmp_path / "audit/checkpoints").iterdir())[0]
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    os.mkfifo(path)
    done = run(tmp_path, "audit", "verify", "--directory", "audit")
    name = str(path.relative_to(tmp_path / "audit"))
    assert done.returncode in (0, 10) and f"checkpoints that can't be read: {name}\n" in done.stdout, done.stdout


def test_a_compressed_segment_that_is_damaged_is_said_to_be(tmp_path):
    shutil.copytree(GOLDEN / "journal", tmp_path / "audit")
    segment = tmp_path / "audit/journal-00000000000000000064.jsonl.gz"
    segment.write_bytes(segment.read_bytes() + b"something else")
    done = run(tmp_path, "audit", "query", "--directory", "audit", "--limit", "1")
    assert done.returncode == 1 and f"{segment.name} can't be read: its content is damaged." in done.stderr, done.stderr


@pytest.mark.parametrize("arguments, sentence", [
    (["audit", "reconcile", "--directory", "audit", "--cts", "/dev/null"], "/dev/null can't be read: it is no regular file."),
    (["policy", "test", "/dev/null", "--config", "gateway.yaml"], "/dev/null:1:1: the file of cases is not a regular file"),
    (["audit", "backup", "audit", "--directory", "audit"], "audit is in the journal's own directory"),
    (["audit", "backup", "audit/deep/er", "--directory", "audit"], "audit/deep/er is in the journal's own directory"),
], ids=lambda value: " ".join(value[:2]) if isinstance(value, list) else "")
def test_what_is_no_file_for_a_command_is_called_what_it_is(arguments, sentence, recorded, tmp_path):
    shutil.copytree(recorded, tmp_path, dirs_exist_ok=True)
    done = run(tmp_path, *arguments)
    assert done.returncode in (1, 2, 3) and sentence in done.stderr, done.stderr
    assert not (tmp_path / "audit/journal").exists() and not (tmp_path / "audit/deep").exists()


def test_removed_records_for_which_nobody_signed_are_a_forgery(recorded, tmp_path):
    """Whoever can write the directory, and has no key, puts a story of removed records in the place of the first ones."""
    origin = (recorded / "audit/checkpoint").read_text().splitlines()[0]
    root = hashlib.sha256(b"made up").digest()
    signature = base64.b64encode(b"key!" + bytes(64)).decode()
    note = f"{origin}\n8\n{base64.b64encode(root).decode()}\n\n\u2014 {origin} {signature}\n"
    (tmp_path / "removed").write_text(f"hss-gateway journal removed 1\nsize 8\nhash {root.hex()}\n\n{note}")
    lines = (recorded / "audit/journal-00000000000000000000.jsonl").read_bytes().splitlines(keepends=True)
    (tmp_path / "journal-00000000000000000008.jsonl").write_bytes(b"".join(lines[8:]))
    done = run(tmp_path, "audit", "verify", "--directory", ".", "--public-key", str(recorded / "audit/checkpoint.key.pub"))
    assert done.returncode == 9 and "removed" in done.stdout and "not signed by the key" in done.stdout, done.stdout


@pytest.mark.parametrize("arguments", [
    ["audit", "reconcile", "--directory", "audit", "--cts", "cts.json", "--journal", "{empty}"], ["policy", "suggest", "--directory", "{empty}"],
    ["policy", "replay", "--config", "gateway.yaml", "--directory", "{empty}"],
], ids=" ".join)
def test_a_directory_without_a_journal_has_no_answer(arguments, recorded, tmp_path):
    (recorded / "cts.json").write_text("[]")
    done = run(recorded, *[argument.format(empty=tmp_path) for argument in arguments])
    assert done.returncode == 2 and f"There is no journal in {tmp_path}" in done.stderr and done.stdout == "", done.stdout
