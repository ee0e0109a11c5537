"""An evidence bundle with one character changed in each of its parts: our command and the page in a browser both name the fault."""

import os
import re
import subprocess

import pytest

from harness.console import browser  # noqa: F401
from harness.devtools import BROWSER
from harness.process import configuration, serve
from harness.upstream import Upstream, answer

pytestmark = pytest.mark.skipif(BROWSER is None, reason="there is no chromium on this machine")

JSON = [("Content-Type", "application/json")]


def command(*arguments) -> subprocess.CompletedProcess:
    return subprocess.run([os.environ["HSSGW_BINARY"], "audit", *map(str, arguments)], capture_output=True, text=True, timeout=120)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    """The page of an export with two polls."""
    directory, upstream = tmp_path_factory.mktemp("bundle"), Upstream()
    upstream.handler = lambda received, connection: answer(b'{"task_id":"task-1"}')
    document = configuration(directory, upstream.url)
    document["audit"]["checkpoint"] = {"every": 10, "interval": "1s"}
    gateway = serve(directory, document)
    assert gateway.call("POST", "/v5/_/image/baseline/export", JSON, b"{}").status == 200
    for _ in range(2):
        assert gateway.call("GET", "/v5/_/export-task/task-1").status == 200
    gateway.stop()
    upstream.close()
    made = command("bundle", "task-1", "--output", directory / "bundle.html", "--directory", gateway.journal.directory)
    assert made.returncode == 0, made.stderr
    return (directory / "bundle.html").read_text()


@pytest.fixture(scope="module")
def tab(browser):
    return browser.tab()


def shown(tab, path) -> str:
    tab.open(f"file://{path}")
    tab.until('["intact", "broken"].includes(document.getElementById("verdict")?.className)', "the page's verdict")
    return tab.run('document.getElementById("verdict").textContent')


def changed(text: str, pattern: str, which: int = 0, place: int = 0) -> str:
    """Changes one character of a pattern's group: in the given match, from the first or, with a negative place, from the last character of the
    group."""
    begin, end = list(re.finditer(pattern, text))[which].span(1)
    at = (begin if place >= 0 else end) + place
    other = {"0": "1", "A": "B"}.get(text[at], "0" if text[at].isdigit() else "A")
    return text[:at] + other + text[at + 1:]


def test_an_untouched_bundle_is_whole_for_both(bundle, tab, tmp_path):
    page = tmp_path / "bundle.html"
    page.write_text(bundle)
    assert command("verify-bundle", page).stdout.startswith("intact: 4 records") and shown(tab, page).startswith("Intact")
    assert tab.complaints == [] and len(tab.run('[...document.querySelectorAll("tbody tr")].map((one) => one.className)')) == 4
    assert tab.run("[...document.querySelectorAll('#facts dd')].map((one) => one.textContent)")[0] == "export task task-1"


# A part, one of its characters, the message of our command, and that of the page. {n} is the number of its record.
CASES = [
    ("record, its first", r'"line":"\{[^}]{1,40}?\\"id\\":\\"(\w+)', 0, 0, "record {n} was changed", "Record {n} is not the one"),
    ("record, its last", r'config_sha256\\":\\"([0-9a-f]+)\\"', -1, -1, "record {n} was changed", "Record {n} is not the one"),
    ("record, its form", r'("line":")', 1, 0, "record {n} was changed: it can't be read", "Record {n} can't be read"),
    ("number of a record", r'\n\{"seq":(\d+),', 0, 0, "record {n} was changed", "carries the number {n}"),
    ("number of another", r'\n\{"seq":(\d+),', -1, -1, "record {n} was changed", "carries the number {n}"),
    ("proof, its first hash", r'"path":\["([^"]+)"', 0, 3, "record {n} was changed", "Record {n} is not the one"),
    ("proof, its last hash", r'"path":\[.*"([^"]+)"\]', -1, 0, "record {n} was changed", "Record {n} is not the one"),
    ("checkpoint, its size", r'"checkpoint":"[^"\\]+\\n(\d+)\\n', 0, 0, "the checkpoint is not signed by the key", "The checkpoint is not signed by the key."),
    ("checkpoint, its root", r'"checkpoint":"[^"\\]+\\n\d+\\n([^"\\]+)', 0, 5, "the checkpoint is not signed by the key", "The checkpoint is not signed by the key."),
    ("checkpoint, its signature", r'"checkpoint":"[^"]*\\n(?:—|\\u2014) \S+ ([^"\\]+)\\n"', 0, 20, "the checkpoint is not signed by the key", "The checkpoint is not signed by the key."),
    ("checkpoint, its form", r'"checkpoint":"[^"\\]+(\\n)\d+', 0, 1, "the bundle's head can't be read", "The bundle's head can't be read."),
    ("key, its name", r'"public_keys":\["([^"+]+)\+', 0, -1, "a public key can't be read", "A public key can't be read, or was changed."),
    ("key, its bytes", r'"public_keys":\["[^"+]+\+[0-9a-f]+\+([^"]+)"', 0, -3, "a public key can't be read", "A public key can't be read, or was changed."),
    ("head, its subject", r'"subject":"([^"]+)"', 0, 0, "the bundle's head was changed", "What the file says beside its records"),
    ("head, its time", r'"made":"([^"]+)"', 0, 3, "the bundle's head was changed", "What the file says beside its records"),
    ("end, the digest of the page", r'"page_sha256":"([0-9a-f]+)"', 0, 0, "the bundle's head was changed", "What the file says beside its records"),
    ("end, its own digest", r'"sha256":"([0-9a-f]+)"\}\n</script>', 0, -1, "the bundle's head was changed", "What the file says beside its records"),
]


@pytest.mark.parametrize("part,pattern,which,place,told,said", CASES, ids=[case[0].replace(" ", "-") for case in CASES])
def test_one_character_is_named_by_the_command_and_by_the_page(bundle, tab, tmp_path, part, pattern, which, place, told, said):
    page = tmp_path / "changed.html"
    text = changed(bundle, pattern, which, place)
    assert sum(a != b for a, b in zip(text, bundle, strict=True)) == 1
    page.write_text(text)
    at = next(place for place, (a, b) in enumerate(zip(text, bundle)) if a != b)
    owner = re.match(r'\{"seq":(\d+),', bundle[bundle.rfind("\n", 0, at) + 1:])
    number = owner[1] if owner else None
    done = command("verify-bundle", page)
    assert done.returncode == 9 and any(line.startswith("broken: " + told.format(n=number)) for line in done.stdout.splitlines()), done.stdout
    assert said.format(n=number) in (verdict := shown(tab, page)) and verdict.startswith("Broken"), verdict


@pytest.mark.parametrize("pattern,place", [(r'<script>("use strict")', 1), (r'<script>(?s:.*)(\}\)\(\);\n)</script>', 3)], ids=["its-first-line", "its-last-line"])
def test_a_page_whose_program_was_changed_says_that_nothing_was_checked(bundle, tab, tmp_path, pattern, place):
    page = tmp_path / "changed.html"
    page.write_text(changed(bundle, pattern, 0, place))
    done = command("verify-bundle", page)
    assert done.returncode == 9 and "broken: the page around the evidence was changed" in done.stdout, done.stdout
    tab.open(f"file://{page}")
    tab.until('document.readyState === "complete" && document.getElementById("verdict")')
    assert tab.run('document.getElementById("verdict").textContent').startswith("Not checked")


@pytest.mark.parametrize("before,after", [("Each record is a leaf", "Each record is a leap"), ("#verdict", "#vardict")], ids=["its-words", "its-style"])
def test_a_page_whose_words_or_style_were_changed_is_named_by_the_command(bundle, tmp_path, before, after):
    page = tmp_path / "changed.html"
    assert before in bundle
    page.write_text(bundle.replace(before, after, 1))
    done = command("verify-bundle", page)
    assert done.returncode == 9 and "broken: the page around the evidence was changed" in done.stdout, done.stdout
