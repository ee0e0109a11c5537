"""Runs Schemathesis against a port and its description."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
#: Longest run, seconds: only for a run that hangs.
PATIENCE = 3_600


def operations(document: str) -> list[str]:
    """The names of all operations of a document, in its order."""
    return re.findall(r"^      operationId: (\w+)$", (ROOT / document).read_text(), re.M)


def run(directory: Path, document: str, address: str, checks: list[str], phases: str, examples: int, chosen: list[str], settings: str = "") -> str:
    """One deterministic run; returns its output. Raises an AssertionError with the findings and how to repeat them."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "schemathesis.toml").write_text(settings)
    command = [
        sys.executable, "-c", "import sys; from schemathesis.cli import schemathesis; sys.exit(schemathesis())",
        "--config-file", str(directory / "schemathesis.toml"), "run", str(ROOT / document), "--url", f"http://{address}", "--no-color",
        "--generation-deterministic", "--max-examples", str(examples), "--phases", phases, "--checks", ",".join(checks), "--request-timeout", "60",
        "--continue-on-failure", "--suppress-health-check", "all", "--warnings", "off",
    ]
    for name in chosen:
        command += ["--include-operation-id", name]
    variables = os.environ | {"SCHEMATHESIS_HOOKS": "harness.described_checks", "PYTHONPATH": str(ROOT / "Tests/Clients"), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=directory, env=variables, capture_output=True, text=True, timeout=PATIENCE)
    # Long runs of zeros carry no information.
    told = re.sub(r"0{20,}", "0…", done.stdout)
    assert done.returncode == 0, told[-8_000:] + done.stderr[-2_000:]
    return told
