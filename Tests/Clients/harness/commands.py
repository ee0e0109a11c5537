"""Commands of the binary that end by themselves."""

import json
import os
import subprocess
from pathlib import Path

from harness.process import clean_environment

# Reached only by a command that hangs.
COMMAND_SECONDS = 120


def run(directory: Path, *arguments: str, patience: float = COMMAND_SECONDS, **variables: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [os.environ["HSSGW_BINARY"], *arguments], cwd=directory, env=clean_environment(directory, **variables), capture_output=True,
        text=True, timeout=patience,
    )


def create_key(directory: Path, caller: str, *flags: str) -> dict[str, str]:
    done = run(directory, "caller", "key", "create", caller, "--json", "--config", str(directory / "gateway.yaml"), *flags)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def revoke_key(directory: Path, key: str):
    done = run(directory, "caller", "key", "revoke", key, "--config", str(directory / "gateway.yaml"))
    assert done.returncode == 0, done.stderr


def list_keys(directory: Path) -> list[dict]:
    done = run(directory, "caller", "key", "list", "--json", "--config", str(directory / "gateway.yaml"))
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]
