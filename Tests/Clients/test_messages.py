"""Messages on stderr: what they repeat of the command line can be the name of a file that somebody else chose."""

import json

import pytest

from harness.commands import run
from harness.process import configuration

NAME = "a\x1b]0;owned\x07\x9b31m\u202e\u200b\r\nhss-gateway: the journal is whole.\x7f"


def is_one_safe_message(text: str) -> bool:
    return all(ch == "\n" or ch.isprintable() for ch in text) and not any(line.startswith("hss-gateway: the journal") for line in text.splitlines())


@pytest.mark.parametrize("arguments", [
    ["audit", "verify-bundle", NAME], ["audit", "query", "--directory", NAME], ["audit", "query", "--directory=" + NAME],
    ["audit", "report", "--directory", "audit", "--checkpoint", NAME], ["audit", "query", "--directory", "audit", "--since", NAME],
    ["audit", "reconcile", "--directory", "audit", NAME], ["audit", "prove", "--directory", "audit", NAME], ["config", "check", "--config", NAME],
    ["serve", "--config", NAME], ["serve", "--listen", NAME], ["doctor", "--config", NAME], ["health", "--admin", NAME], ["export", NAME],
    ["health", "--admin", "127.0.0.1:1", "--token-file", NAME], ["fleet", "status", "--database", NAME], ["caller", "key", "revoke", NAME],
    ["caller", "key", "create", NAME], [NAME], ["audit", NAME], ["serve", "--" + NAME], ["audit", "verify", "--directory", NAME],
], ids=lambda arguments: " ".join(arguments).replace(NAME, "NAME"))
def test_a_message_is_safe_on_a_terminal_whatever_the_arguments_hold(arguments, tmp_path):
    (tmp_path / "gateway.yaml").write_text(json.dumps(configuration(tmp_path, "http://127.0.0.1:9")))
    if arguments[0] == "caller":
        arguments = [*arguments, "--config", "gateway.yaml"]
    done = run(tmp_path, *arguments)
    assert done.returncode != 0 and done.stderr + done.stdout
    assert is_one_safe_message(done.stderr), done.stderr.encode()
    assert is_one_safe_message(done.stdout), done.stdout.encode()


def test_the_lines_of_a_message_stay_lines(tmp_path):
    done = run(tmp_path, "audit", "query", "--directry", "x")
    assert done.returncode == 2 and len(done.stderr.splitlines()) > 1 and "--directry" in done.stderr
