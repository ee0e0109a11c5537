"""Tables of records on a terminal: they fit its width, wrap, and have colour; in a pipe they are what they always were."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios

import pytest

from harness.process import clean_environment

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
READ = "/v5/_/vulnerability/vulnerabilities"


@pytest.fixture(scope="module")
def journal(sandboxed_gateway) -> str:
    for _ in range(3):
        assert sandboxed_gateway.call("GET", READ).status == 200
    return str(sandboxed_gateway.directory)


def on_terminal(directory: str, columns: int, *options: str, **variables: str) -> str:
    """What a terminal of so many columns gets."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    command = [os.environ["HSSGW_BINARY"], "audit", "query", "--format", "table", "--order", "oldest", "--directory", find(directory), *options]
    process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=subprocess.DEVNULL, env=clean_environment(directory, TERM="xterm", **variables))
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
    assert process.wait(20) == 0
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
