"""Tables of records on a terminal: they fit its width, wrap, and have colour; in a pipe they are unchanged."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios

import pytest

from harness.commands import create_key
from harness.process import clean_environment

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
READ = "/v5/_/vulnerability/vulnerabilities"


@pytest.fixture(scope="module")
def journal(sandboxed_gateway) -> str:
    for _ in range(3):
        assert sandboxed_gateway.call("GET", READ).status == 200
    return str(sandboxed_gateway.directory)


def on_terminal(directory: str, columns: int, *options: str, **variables: str) -> str:
    """The journal's table on a terminal with that many columns."""
    query = ["audit", "query", "--format", "table", "--order", "oldest", "--no-pager", "--directory", find(directory)]
    return shown(directory, columns, [*query, *options], **variables)


def shown(directory, columns: int, words: list[str], codes=(0,), **variables: str) -> str:
    """A command's output on a terminal with that many columns."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    command = [os.environ["HSSGW_BINARY"], *words]
    process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=subprocess.DEVNULL, env=clean_environment(directory, **({"TERM": "xterm"} | variables)))
    os.close(slave)
    pieces = []
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:
            break
        if not piece:
            break
        pieces.append(piece)
    os.close(master)
    assert process.wait(60) in codes
    return b"".join(pieces).decode().replace("\r\n", "\n")


def find(directory: str) -> str:
    return next(root for root, _, files in os.walk(directory) if any(name.startswith("journal-") for name in files))


@pytest.mark.parametrize("columns", [40, 60, 80, 100, 132, 200])
def test_a_table_fits_the_terminal_and_loses_no_record(journal, columns):
    text = on_terminal(journal, columns)
    plain = COLOUR.sub("", text)
    assert max(len(line) for line in plain.splitlines()) <= columns
    assert "\x1b[1m" in text.splitlines()[0] and "\x1b[32m" in text
    numbers = [int(line.split()[0]) for line in plain.splitlines()[1:] if re.match(r"\d", line)]
    assert numbers == list(range(len(numbers))) and len(numbers) >= 4


def test_colour_is_left_out_on_request_and_wide_is_wide(journal):
    assert "\x1b" not in on_terminal(journal, 80, NO_COLOR="1")
    assert "\x1b" in on_terminal(journal, 80, NO_COLOR="")
    wide = COLOUR.sub("", on_terminal(journal, 80, "--wide"))
    command = [os.environ["HSSGW_BINARY"], "audit", "query", "--format", "table", "--order", "oldest", "--directory", find(journal)]
    piped = subprocess.run(command, capture_output=True, text=True, timeout=60, env=clean_environment(journal)).stdout
    assert wide == piped and "\x1b" not in piped and max(map(len, piped.splitlines())) > 80


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_keys_and_reports_fit_the_terminal_too_and_lose_nothing(columns, start, upstream):
    gateway = start(upstream.url, lambda document: document["callers"][0]["authenticate"].update(api_key=True, require="any"))
    keys = [create_key(gateway.directory, "team", "--expires", "90d")["id"] for _ in range(2)]
    assert gateway.call("GET", READ).status == 200
    # The last checkpoint covers everything.
    gateway.stop()
    configuration, journal = str(gateway.directory / "gateway.yaml"), str(gateway.directory / "audit")
    for words, there in [
        (["caller", "key", "list", "--config", configuration], ["CREATED", "REVOKED", "team", *keys]),
        (["audit", "usage", "--directory", journal], ["REFUSALS BY CODE" if columns > 40 else "REFUSALS", "team"]),
        (["audit", "report", "--directory", journal], ["ALL EPS", "ListVulnerabilities"]),
    ]:
        text = COLOUR.sub("", shown(gateway.directory, columns, [*words, "--no-pager"]))
        assert all(word in text for word in there), text
        table = [line for line in text.splitlines() if not line.endswith((".", ":"))]
        assert max(map(len, table)) <= columns, text


def test_the_doctors_findings_fit_the_terminal_and_lose_no_word(start, upstream):
    gateway = start(upstream.url)
    words = ["doctor", "--config", str(gateway.directory / "gateway.yaml")]
    (gateway.directory / "audit").chmod(0o755)
    wide = shown(gateway.directory, 40, [*words, "--wide"], codes=(6, 7), NO_COLOR="1")
    assert "\x1b" not in wide and wide.startswith("VERDICT  CHECK") and "chmod 0700" in wide

    def letters(text: str) -> str:
        """Its text without line ends; the times of the disk and of the clock differ from run to run."""
        return re.sub(r"\d+", "0", re.sub(r"\s", "", text)).replace("µs", "ms")

    for columns in (40, 80, 200):
        text = shown(gateway.directory, columns, words, codes=(6, 7))
        plain = COLOUR.sub("", text)
        assert max(map(len, plain.splitlines())) <= columns, plain
        assert "\x1b[33mWARN" in text and "\x1b[32mok" in text
        assert letters(plain) == letters(wide)


def test_a_long_listing_goes_through_the_pager_that_is_asked_for(journal, tmp_path):
    words = ["audit", "query", "--directory", find(journal)]
    marked = "sed 's/^/paged: /'"
    environment = {"PAGER": marked, "HUAWEICLOUD_SDK_SK": "canary-environment-secret"}
    lines = shown(journal, 80, words, **environment).splitlines()
    assert len(lines) >= 4 and all(line.startswith("paged: ") for line in lines)
    # The pager's environment contains no secret, and it shows a short text at once, with colours.
    seen = shown(journal, 80, words, **(environment | {"PAGER": "cat >/dev/null; env"}))
    assert "canary" not in seen and "LESS=FRX" in seen
    for variables, options in [({"PAGER": marked}, ["--no-pager"]), ({"PAGER": "cat"}, []), ({"PAGER": ""}, []), ({"PAGER": marked, "TERM": "dumb"}, [])]:
        assert "paged" not in shown(journal, 80, [*words, *options], **variables), variables
    done = subprocess.run(
        [os.environ["HSSGW_BINARY"], *words], capture_output=True, text=True, timeout=60, env=clean_environment(tmp_path, TERM="xterm", PAGER=marked))
    assert done.returncode == 0 and done.stdout and "paged" not in done.stdout
    # A pager that ends early is no error.
    assert len(shown(journal, 80, words, PAGER="head -n 1").splitlines()) == 1
