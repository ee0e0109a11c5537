"""One burst of load by wrk, and its figures."""

import json
import resource
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .processes import LOAD_CPU, BenchmarkError

PROJECT = "0123456789abcdef0123456789abcdef"
CONFIGURATIONS = Path(__file__).resolve().parent.parent / "configurations"


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


def run_wrk(port: int, request: Request, connections: int, seconds: int) -> LoadResult:
    arguments = [request.method] + ([request.body] if request.body is not None else [])
    command = [
        "taskset", "-c", str(LOAD_CPU), "wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s",
        "--timeout", "10s", "--script", str(CONFIGURATIONS / "load.lua"), f"http://127.0.0.1:{port}{request.path}", "--", *arguments,
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


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
