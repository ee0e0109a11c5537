"""Evidence that somebody gives to a command, or that stands in a journal's directory, and that is none."""

import base64
import hashlib
import json
import os
import shutil
import struct
import zlib
from pathlib import Path

import pytest

from harness.commands import run
from harness.transparency import removed_file

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


def test_kept_files_count_however_their_lines_end_and_put_together_in_whatever_way(recorded, tmp_path):
    """An intact journal had been called broken because of a mail program, or of `cat checkpoints/*`."""
    notes, key = [path.read_text() for path in sorted((recorded / "audit/checkpoints").iterdir())], (recorded / "audit/checkpoint.key.pub").read_text()
    for text in ("".join(notes), "\n".join(notes).replace("\n", "\r\n"), "\ufeff" + notes[0]):
        (tmp_path / "kept").write_text(text, newline="")
        (tmp_path / "key").write_text(key.replace("\n", "\r\n"), newline="")
        done = run(recorded, "audit", "verify", "--directory", "audit", "--checkpoint", str(tmp_path / "kept"), "--key", str(tmp_path / "key"))
        assert done.returncode in (0, 10) and "from outside" not in done.stdout, done.stdout + done.stderr
    (tmp_path / "kept").write_text(notes[1].replace(notes[1].splitlines()[2][:4], "AAAA") + notes[0])
    assert run(recorded, "audit", "verify", "--directory", "audit", "--checkpoint", str(tmp_path / "kept")).returncode == 9


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


def piece(lines: list[bytes], moved: int = 0, longer: int = 0, later: int = 0) -> bytes:
    """A member of a compressed segment as docs/audit-record.md describes it, whose header says something else than what is so."""
    content = b"".join(lines)
    packing = zlib.compressobj(wbits=-15)
    packed = packing.compress(content) + packing.flush()
    header = struct.pack("<IIQ", 32 + len(packed) + 8 + moved, len(content) + longer, json.loads(lines[0])["seq"] + later)
    return (bytes([31, 139, 8, 4, 0, 0, 0, 0, 0, 255, 20, 0]) + b"HG" + bytes([16, 0]) + header + packed
            + struct.pack("<II", zlib.crc32(content), len(content)))


def test_a_header_of_a_compressed_segment_that_hides_records_is_found(recorded, tmp_path):
    """Each line is as it was signed, and `zcat` shows all of them; a reader that goes by the headers would have missed some."""
    shutil.copytree(recorded / "audit", tmp_path / "audit")
    assert run(tmp_path, "audit", "query", "--directory", "audit", "--limit", "1").returncode == 0  # which makes the index
    plain = tmp_path / "audit/journal-00000000000000000000.jsonl"
    lines = plain.read_bytes().splitlines(keepends=True)
    plain.unlink()
    parts = [lines[at:at + 15] for at in range(0, len(lines), 15)]
    segment = plain.with_name(plain.name + ".gz")

    def verify(*pieces: bytes) -> tuple[int, str]:
        segment.write_bytes(b"".join(pieces))
        done = run(tmp_path, "audit", "verify", "--directory", "audit", "--public-key", "audit/checkpoint.key.pub")
        return done.returncode, done.stdout.splitlines()[0]

    whole = [piece(part) for part in parts]
    assert len(whole) > 3 and verify(*whole)[0] == 0
    done = run(tmp_path, "audit", "query", "--directory", "audit", "--format", "ndjson", "--order", "oldest")
    assert done.stdout.encode() == b"".join(lines)
    for changed in (piece(parts[1], moved=len(whole[2])), piece(parts[1], longer=-10), piece(parts[1], longer=10), piece(parts[1], later=-1),
                    piece(parts[1], later=5)):
        code, words = verify(whole[0], changed, *whole[2:])
        assert code == 9 and segment.name in words and "would not find" in words, words
    # A file that another program compressed has no such headers, and is read from its beginning.
    packing = zlib.compressobj(wbits=31)
    assert verify(packing.compress(b"".join(lines)) + packing.flush())[0] == 0


def test_records_that_stand_in_two_segments_are_found_once_each(recorded, tmp_path):
    """The journal is intact: what the second one has is what was signed."""
    shutil.copytree(recorded / "audit", tmp_path / "audit")
    lines = (tmp_path / "audit/journal-00000000000000000000.jsonl").read_bytes().splitlines(keepends=True)
    assert run(tmp_path, "audit", "query", "--directory", "audit", "--limit", "1").returncode == 0  # which makes the index
    for at in (50, 25):
        (tmp_path / f"audit/journal-{at:020}.jsonl").write_bytes(b"".join(lines[at:]))
        assert run(tmp_path, "audit", "verify", "--directory", "audit").returncode == 0
        done = run(tmp_path, "audit", "query", "--directory", "audit", "--format", "ndjson", "--order", "oldest")
        assert done.stdout.encode() == b"".join(lines)


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


def test_removed_records_of_which_the_gateway_says_nothing_are_gone(recorded, tmp_path):
    """Everything in `removed` is as the gateway would have written it, and its checkpoint is genuine: only the event is missing."""
    shutil.copytree(recorded / "audit", tmp_path / "audit")
    plain = tmp_path / "audit/journal-00000000000000000000.jsonl"
    lines = plain.read_bytes().splitlines()
    note = sorted((tmp_path / "audit/checkpoints").iterdir())[1]
    size = int(note.name)
    plain.unlink()
    (plain.parent / f"journal-{size:020}.jsonl").write_bytes(b"".join(line + b"\n" for line in lines[size:]))
    (plain.parent / "removed").write_text(removed_file(lines[:size], note.read_text()))
    for path in (tmp_path / "audit/checkpoints").iterdir():
        if int(path.name) < size:
            path.unlink()
    done = run(tmp_path, "audit", "verify", "--directory", "audit", "--public-key", str(recorded / "audit/checkpoint.key.pub"),
               "--checkpoint", str(recorded / "audit/checkpoint"))
    assert done.returncode == 9 and f"records 0 to {size - 1} are gone, and no record says that the gateway removed them" in done.stdout, done.stdout


@pytest.mark.parametrize("arguments", [
    ["audit", "reconcile", "--directory", "audit", "--cts", "cts.json", "--journal", "{empty}"], ["policy", "suggest", "--directory", "{empty}"],
    ["policy", "replay", "--config", "gateway.yaml", "--directory", "{empty}"],
], ids=" ".join)
def test_a_directory_without_a_journal_has_no_answer(arguments, recorded, tmp_path):
    (recorded / "cts.json").write_text("[]")
    done = run(recorded, *[argument.format(empty=tmp_path) for argument in arguments])
    assert done.returncode == 2 and f"There is no journal in {tmp_path}" in done.stderr and done.stdout == "", done.stdout
