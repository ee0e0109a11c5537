"""The protections that the process requests before it reads a secret, observed from outside by its system calls."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from harness.process import clean_environment, configuration, write_secret

CONFIGURATION = "gateway.yaml"
COMMANDS = {
    "serve": ["serve", "--config", CONFIGURATION],
    "config check": ["config", "check", "--config", CONFIGURATION],
    "config show": ["config", "show", "--config", CONFIGURATION],
    "explain": ["explain", "GET", "/v5/prod/image/baseline/risk-configs", "--config", CONFIGURATION],
    "health": ["health", "--admin", "127.0.0.1:9", "--token-file", CONFIGURATION],
    "caller key create": ["caller", "key", "create", "team", "--config", CONFIGURATION],
    "audit verify-database": ["audit", "verify-database", "--database", "database-url"],
}


def traced(directory: Path, arguments: list[str], **variables: str) -> list[str]:
    """The system calls of one run, in order. Without a journal's directory `serve` ends by itself."""
    trace = directory / "trace"
    command = ["strace", "-f", "-qq", "-e", "trace=openat,prctl,prlimit64,setrlimit,execve", "-o", str(trace), os.environ["HSSGW_BINARY"], *arguments]
    subprocess.run(command, cwd=directory, env=clean_environment(directory, **variables), capture_output=True, timeout=120)
    return trace.read_text().splitlines()


@pytest.fixture
def place(tmp_path, upstream) -> Path:
    document = configuration(tmp_path, upstream.url)
    # A file is in the place of the journal's directory.
    document["audit"]["directory"] = str(Path(write_secret(tmp_path / "file", "")) / "audit")
    write_secret(tmp_path / CONFIGURATION, json.dumps(document))
    write_secret(tmp_path / "database-url", "postgresql://127.0.0.1:9/none")
    return tmp_path


@pytest.mark.skipif(os.geteuid() != 0, reason="strace reads no path of a process that can't be traced, except as root")
@pytest.mark.parametrize("name", COMMANDS)
def test_dumps_and_tracing_end_before_any_file_of_the_operators_is_opened(name, place):
    calls = traced(place, COMMANDS[name])
    first = next(index for index, call in enumerate(calls) if re.search(rf'openat\([^"]*"[^"]*({CONFIGURATION}|database-url)"', call))
    before = "\n".join(calls[:first])
    assert re.search(r"prctl\(PR_SET_DUMPABLE, (0|SUID_DUMP_DISABLE)", before), before[-2000:]
    assert re.search(r"RLIMIT_CORE, \{rlim_cur=0, rlim_max=0\}", before), before[-2000:]


@pytest.mark.parametrize("variables", [{}, {"SWIFT_BACKTRACE": "enable=yes"}, {"GLIBC_TUNABLES": ""}], ids=["none", "reporter", "tunables"])
def test_the_program_never_starts_itself_anew(variables, place):
    calls = traced(place, ["config", "show", "--config", CONFIGURATION], **variables)
    assert sum("execve(" in call for call in calls) == 1
