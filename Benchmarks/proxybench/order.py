"""The functions that a request runs through, one behind the other as they are called, and behind them those that run once, at the start: the order in
which the linker puts them.

    python3 -m proxybench.order GATEWAY >Benchmarks/functions-in-order.txt

One gateway under valgrind's callgrind serves reads and exports; what it calls for every third request or more often is listed, callers in front
of what they call. Another one starts and rests: whatever it has run by then follows, so that a gateway at rest has few pages of its program in
memory. `Benchmarks/order.sh` has everything that this needs.
"""

import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from . import processes
from .load import EXPORT, SMALL_READ, run_wrk
from .peers import gateway, nginx
from .processes import BenchmarkError, Running, Server

# A program under callgrind is some fifty times slower.
processes.START_SECONDS = 120
processes.STOP_SECONDS = 120

CONNECTIONS = 64
SECONDS = 5
# Functions that are called less often per request are left where they are.
OFTEN = 1 / 3
# How long a started gateway idles: the index, the watches and the clock begin their work after it is ready.
REST_SECONDS = 3.0


class CallGraph:
    """The call graph with counts, as written by callgrind."""

    def __init__(self, profile: str):
        self.calls: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        self.count: dict[str, int] = defaultdict(int)
        # In the order of their first appearance.
        self.names: dict[str, None] = {}
        names: dict[str, str] = {}
        caller = callee = ""
        for line in profile.splitlines():
            if found := re.match(r"(c?fn)=\((\d+)\)(?: (.*))?", line):
                if found[3]:
                    # The second entry of a recursive function has a mark after its name.
                    names[found[2]] = re.sub(r"'\d+$", "", found[3])
                    self.names[names[found[2]]] = None
                if found[1] == "fn":
                    caller = names[found[2]]
                else:
                    callee = names[found[2]]
            elif found := re.match(r"calls=(\d+) ", line):
                self.calls[caller][callee] += int(found[1])
                self.count[callee] += int(found[1])

    def functions(self, wanted: set[str], at_least: float) -> list[str]:
        """The wanted functions that are called so often, each after its first caller."""
        ordered: dict[str, None] = {}

        def visit(name: str) -> None:
            stack = [name]
            while stack:
                name = stack.pop()
                if name in ordered:
                    continue
                ordered[name] = None
                often = [callee for callee in self.calls[name] if self.count[callee] >= at_least]
                stack.extend(reversed(often))

        # An event loop's and the journal's threads first; then functions that are only reached through other
        # libraries.
        for name in sorted(self.calls, key=lambda name: ("SelectableEventLoopC3run" not in name, "JournalWriter" not in name)):
            if "SelectableEventLoopC3run" in name or "JournalWriter" in name or self.count[name] >= at_least:
                visit(name)
        return [name for name in ordered if name in wanted]


def defined_functions(binary: Path) -> set[str]:
    listing = subprocess.run(["nm", "--defined-only", str(binary)], capture_output=True, text=True, check=True).stdout
    return {fields[2] for fields in map(str.split, listing.splitlines()) if len(fields) == 3 and fields[1] in "tTwW"}


def profiled(name: str, binary: Path, directory: Path, upstream: Server, *, from_the_start: bool) -> tuple[Server, Path]:
    """A gateway that will run under callgrind, and the file that callgrind writes at its end."""
    server = gateway.gateway(name, directory / name, upstream.port, str(binary))
    output = directory / f"{name}.out"
    # As set in the units and the image.
    server.environment |= {"GLIBC_TUNABLES": "glibc.malloc.tcache_count=300"}
    # The linker uses the mangled names of C++ functions.
    server.command = [
        "valgrind", "--tool=callgrind", "--demangle=no", f"--instr-atstart={'yes' if from_the_start else 'no'}",
        f"--callgrind-out-file={output}", *server.command,
    ]
    return server, output


def record(server: Server, *, on: bool) -> None:
    subprocess.run(["callgrind_control", "-i", "on" if on else "off", str(server.pid)], capture_output=True, check=True)


def profile_of_requests(binary: Path, directory: Path, upstream: Server) -> tuple[CallGraph, int]:
    """The call graph of a working gateway, and the number of requests."""
    server, output = profiled("working", binary, directory, upstream, from_the_start=False)
    requests = 0
    with Running([server]):
        run_wrk(server.port, SMALL_READ, CONNECTIONS, SECONDS)
        record(server, on=True)
        for request in (SMALL_READ, EXPORT):
            result = run_wrk(server.port, request, CONNECTIONS, SECONDS)
            if result.failures:
                raise BenchmarkError(f"{result.failures} requests failed:\n{server.last_words()}")
            requests += result.requests
        record(server, on=False)
    return CallGraph(output.read_text(errors="replace")), requests


def profile_of_start(binary: Path, directory: Path, upstream: Server) -> CallGraph:
    """The functions that ran from a gateway's start until it is idle, without the stop."""
    server, output = profiled("starting", binary, directory, upstream, from_the_start=True)
    with Running([server]):
        time.sleep(REST_SECONDS)
        record(server, on=False)
    return CallGraph(output.read_text(errors="replace"))


def main() -> int:
    with tempfile.TemporaryDirectory() as temporary:
        directory = Path(temporary)
        # Without debug information, which callgrind would read as well, for minutes.
        binary = directory / "hss-gateway"
        subprocess.run(["strip", "--strip-debug", "-o", str(binary), sys.argv[1]], check=True)
        defined = defined_functions(binary)
        upstream = nginx.upstream(directory / "upstream")
        with Running([upstream]):
            graph, requests = profile_of_requests(binary, directory, upstream)
            start = profile_of_start(binary, directory, upstream)
        of_requests = graph.functions(defined, OFTEN * requests)
    known = set(of_requests)
    of_start = [name for name in start.names if name in defined and name not in known]
    print(f"{requests} requests, {len(of_requests)} functions, and {len(of_start)} of the start", file=sys.stderr)
    print("\n".join(of_requests + of_start))
    return 0


if __name__ == "__main__":
    sys.exit(main())
