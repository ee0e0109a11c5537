"""The gateway's own parts of a request, measured separately by the program hss-microbenchmarks."""

import json
import os
import subprocess

from ..bench import Bench
from ..processes import PROXY_CPU, BenchmarkError
from ..report import Section, table

TITLE = "Parts of a request"


def run(bench: Bench) -> Section:
    program = bench.tools.micro
    if program is None or not os.access(program, os.X_OK):
        raise BenchmarkError("hss-microbenchmarks was not built (`swift build -c release --product hss-microbenchmarks`)")
    finished = subprocess.run(["taskset", "-c", str(PROXY_CPU), program], capture_output=True, text=True, timeout=120)
    if finished.returncode != 0:
        raise BenchmarkError(f"hss-microbenchmarks failed: {finished.stderr[-500:]}")
    found = [json.loads(line) for line in finished.stdout.splitlines() if line.startswith("{")]
    rows = [[part["name"], f"{part['ns']:,}", f"{100 * part['spread']:.0f} %"] for part in found]
    return Section(TITLE, ["Medians of nine rounds, and how far the rounds lie apart:\n\n" + table(["part", "ns", "spread"], rows)])
