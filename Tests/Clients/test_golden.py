"""The golden journal, which never changes: intact as it is, and one copy for each kind of tampering, each named correctly, with an independent
verifier."""

import base64
import gzip
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from harness.forgery import Signer
from harness.process import clean_environment
from harness.transparency import Checkpoint, Inclusion, Key, journal_lines, leaf_hash, tree_hash

GOLDEN = Path(__file__).parent / "golden"
KEY = Key((GOLDEN / "journal" / "checkpoint.key.pub").read_text().strip())
ROOT = "493d04316c357dbe3bf2a9babc1fc95654ebb33844cdadb0cb7077462461f404"
RECORDS = 164


def verify(directory: Path, *arguments) -> tuple[int, dict]:
    done = subprocess.run([os.environ["HSSGW_BINARY"], "audit", "verify", "--json", "--directory", directory, *arguments], capture_output=True, text=True,
                          env=clean_environment(directory), timeout=60)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


@pytest.fixture
def copy(tmp_path):
    shutil.copytree(GOLDEN / "journal", tmp_path / "journal")
    return tmp_path / "journal"


def segment_of(directory: Path, number: int) -> Path:
    return [path for path in sorted(directory.glob("journal-*")) if int(path.name[8:28]) <= number][-1]


def edit(directory: Path, number: int, change):
    """Changes the lines of the segment with a record; `change` gets them and the record's index in them."""
    path = segment_of(directory, number)
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    lines = content.split(b"\n")[:-1]
    change(lines, number - int(path.name[8:28]))
    path.unlink()
    path.with_name(path.name.removesuffix(".gz")).write_bytes(b"".join(line + b"\n" for line in lines))


def swap(lines, at):
    lines[at], lines[at + 1] = lines[at + 1], lines[at]


def cut(directory: Path, number: int):
    edit(directory, number, lambda lines, at: lines.__delitem__(slice(at, None)))
    for path in directory.glob("journal-*"):
        if int(path.name[8:28]) > number:
            path.unlink()


def replace_checkpoint(directory: Path, size: int, note: str):
    (directory / "checkpoints" / f"{size:020}").write_text(note)


def root_of(directory: Path, size: int) -> bytes:
    return tree_hash([leaf_hash(line) for line in journal_lines(directory)[:size]])


# The change, the kind that has to be reported, and the record that has to be named.
TAMPERING = {
    "a record changed": (lambda d: edit(d, 93, lambda lines, at: lines.__setitem__(at, lines[at].replace(b"127.0.0.1", b"127.0.0.2"))), "changed", 93),
    "a record removed": (lambda d: edit(d, 93, lambda lines, at: lines.__delitem__(at)), "removed", 93),
    "a record inserted": (lambda d: edit(d, 93, lambda lines, at: lines.insert(at, lines[at].replace(b"127.0.0.1", b"127.0.0.2"))), "inserted", 93),
    "two records in another order": (lambda d: edit(d, 93, swap), "reordered", 93),
    "a record twice": (lambda d: edit(d, 93, lambda lines, at: lines.insert(at + 1, lines[at])), "duplicated", 94),
    "the tail cut": (lambda d: cut(d, 141), "cut_tail", 141),
    "a segment missing": (lambda d: segment_of(d, 93).unlink(), "missing_segment", 64),
    "a checkpoint forged": (lambda d: replace_checkpoint(d, 98, Signer("hss-gateway/golden").checkpoint("hss-gateway/golden", 98, root_of(d, 98))),
                            "forged_checkpoint", 98),
    "a checkpoint's root forged": (lambda d: replace_checkpoint(d, 98, (d / "checkpoints" / f"{98:020}").read_text().replace(
        base64.b64encode(root_of(d, 98)).decode(), base64.b64encode(bytes(32)).decode())), "forged_checkpoint", 98),
    "another log's checkpoint": (lambda d: replace_checkpoint(d, 98, Signer("hss-gateway/other").checkpoint("hss-gateway/other", 98, root_of(d, 98))),
                                 "other_log", 98),
}


def test_the_golden_journal_is_intact_by_ours_and_by_an_independent_reckoning(copy):
    code, report = verify(copy, "--checkpoint", GOLDEN / "anchor")
    assert (code, report["verdict"], report["root"], report["tree_size"], report["anchored"]) == (0, "intact", ROOT, RECORDS, True)
    leaves = [leaf_hash(line) for line in journal_lines(copy)]
    assert tree_hash(leaves).hex() == ROOT
    for file in (copy / "checkpoints").iterdir():
        checkpoint = Checkpoint(file.read_text(), KEY)
        assert tree_hash(leaves[:checkpoint.size]) == checkpoint.root
    for number in (0, 63, 64, 100, RECORDS - 1):
        done = subprocess.run([os.environ["HSSGW_BINARY"], "audit", "prove", str(number), "--directory", copy], capture_output=True, text=True, timeout=60)
        assert Inclusion(done.stdout, KEY).record == journal_lines(copy)[number]


@pytest.mark.parametrize("hashes", [True, False], ids=["with the leaves' hashes", "without"])
@pytest.mark.parametrize("what", TAMPERING)
def test_each_kind_of_tampering_is_named(copy, what, hashes):
    tamper, kind, place = TAMPERING[what]
    tamper(copy)
    if not hashes:
        shutil.rmtree(copy / "tree")
    code, report = verify(copy, "--public-key", GOLDEN / "journal" / "checkpoint.key.pub")
    fault = report["fault"]
    assert (code, fault["kind"]) == (9, kind), fault
    # Without the hashes a record whose number is right can only be located between two checkpoints.
    assert fault["first"] == place if hashes or kind != "changed" else fault["first"] <= place <= fault["last"], fault


def test_a_cut_that_took_the_checkpoints_along_is_found_by_an_anchor_only(copy):
    cut(copy, 128)
    for path in (copy / "checkpoints").iterdir():
        if int(path.name) > 128:
            path.unlink()
    shutil.copy(copy / "checkpoints" / f"{128:020}", copy / "checkpoint")
    code, report = verify(copy)
    assert code == 0 and any("no checkpoint from outside" in remark for remark in report["remarks"])
    code, report = verify(copy, "--checkpoint", GOLDEN / "anchor")
    assert (code, report["fault"]["kind"], report["fault"]["first"]) == (9, "cut_tail", 128)
