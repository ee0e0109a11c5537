"""One burst of load by wrk, and its figures."""

import json
import re
import resource
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .processes import LOAD_CPU, BenchmarkError

PROJECT = "0123456789abcdef0123456789abcdef"
CONFIGURATIONS = Path(__file__).resolve().parent.parent / "configurations"


# What h2load sends for each second of a plan.
H2_REQUESTS_PER_SECOND = 20_000


@dataclass(frozen=True)
class Request:
    """What the callers send, again and again."""

    path: str
    method: str = "GET"
    body: str | None = None


SMALL_READ = Request(f"/v5/{PROJECT}/host-management/hosts?limit=10&offset=0")
LIST_READ = Request(f"/v5/{PROJECT}/vulnerability/vulnerabilities?limit=100")
EXPORT = Request(f"/v5/{PROJECT}/image/baseline/export?export_size=1000", "POST", '{"type":"image","group":"private_image"}')
DOWNLOAD = Request(f"/v5/{PROJECT}/download/5f8a3e2c9b7d4f6e")


@dataclass(frozen=True)
class LoadResult:
    requests: int
    seconds: float
    p50_us: float
    p99_us: float
    failures: int
    """Answers of 4xx and 5xx, and broken connections."""
    cpu_seconds: float
    """What wrk itself used."""


def run_wrk(port: int, request: Request, connections: int, seconds: int, scheme: str = "http") -> LoadResult:
    arguments = [request.method] + ([request.body] if request.body is not None else [])
    command = [
        "taskset", "-c", str(LOAD_CPU), "wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s",
        "--timeout", "10s", "--script", str(CONFIGURATIONS / "load.lua"), f"{scheme}://127.0.0.1:{port}{request.path}", "--", *arguments,
    ]
    before = _children_cpu()
    finished = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 60)
    lines = [line for line in finished.stdout.splitlines() if line.startswith("{")]
    if finished.returncode != 0 or not lines:
        raise BenchmarkError(f"wrk failed: {finished.stdout}{finished.stderr}")
    figures = json.loads(lines[-1])
    return LoadResult(
        requests=figures["requests"], seconds=figures["microseconds"] / 1e6, p50_us=figures["p50"], p99_us=figures["p99"],
        failures=figures["bad_status"] + figures["broken"], cpu_seconds=_children_cpu() - before,
    )


def run_h2load(port: int, request: Request, connections: int, seconds: int) -> LoadResult:
    """The same over HTTP/2 and TLS, ten requests at a time on each connection. A number of requests stands for the seconds: with a duration h2load
    may wait for ever for answers to requests that it gave up."""
    command = [
        "taskset", "-c", str(LOAD_CPU), "h2load", "--threads", "1", "--clients", str(connections), "--max-concurrent-streams", "10",
        "--requests", str(H2_REQUESTS_PER_SECOND * seconds), f"https://127.0.0.1:{port}{request.path}",
    ]
    before = _children_cpu()
    finished = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 60)
    total = re.search(r"^requests: .*?(\d+) done, (\d+) succeeded, (\d+) failed, (\d+) errored", finished.stdout, re.M)
    took = re.search(r"^finished in (\S+),", finished.stdout, re.M)
    if finished.returncode != 0 or total is None or took is None:
        raise BenchmarkError(f"h2load failed: {finished.stdout}{finished.stderr}")
    mean = re.search(r"^time for request:\s+\S+\s+\S+\s+(\S+)", finished.stdout, re.M)
    done, succeeded = int(total.group(1)), int(total.group(2))
    # h2load gives no percentiles by itself: its mean stands for the median, and nothing for the 99th.
    return LoadResult(
        requests=succeeded, seconds=_microseconds(took.group(1)) / 1e6, p50_us=_microseconds(mean.group(1)) if mean else 0, p99_us=0, failures=done - succeeded,
        cpu_seconds=_children_cpu() - before,
    )


def _microseconds(text: str) -> float:
    """h2load's own form: 12.5ms, 830us, 1.20s."""
    number, unit = re.match(r"([\d.]+)(\D+)", text).groups()
    return float(number) * {"us": 1, "ms": 1e3, "s": 1e6}[unit]


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
