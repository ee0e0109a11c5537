"""Many connected, idle callers: their memory, and their cost for a busy one."""

import resource
import socket
import time

from .. import accounting
from ..bench import Bench
from ..load import SMALL_READ, run_wrk
from ..processes import Running, Server
from ..report import Section, mebibytes, table

TITLE = "Idle callers"
WANTED = 10_000
# Further descriptors that the proxy and this program need.
SPARE_DESCRIPTORS = 1_000


def run(bench: Bench) -> Section:
    section = Section(TITLE)
    count = min(WANTED, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - SPARE_DESCRIPTORS)
    if bench.is_short:
        count = min(count, 1_000)
    rows = []
    for server in [bench.nginx(), *([] if bench.is_short else bench.peers()), bench.gateway()]:
        with Running([server]):
            rows.append(_measure(bench, server, count, section))
    header = [
        "target", "RSS before, MiB", "RSS with them, MiB", "KiB each",
        "p50 ms alone", "p50 ms with them", "p99 ms alone", "p99 ms with them",
    ]
    section.blocks.append(f"{count} connections, one request each and then silence; one active caller:\n\n{table(header, rows)}")
    return section


def _measure(bench: Bench, server: Server, count: int, section: Section) -> list[str]:
    run_wrk(server.port, SMALL_READ, 64, 1)
    alone = run_wrk(server.port, SMALL_READ, 1, bench.harness.plan.seconds)
    before = accounting.resident(server.pid)
    callers: list[socket.socket] = []
    try:
        for _ in range(count):
            callers.append(_connect(server.port))
        time.sleep(1)
        resident = accounting.resident(server.pid)
        crowded = run_wrk(server.port, SMALL_READ, 1, bench.harness.plan.seconds)
    finally:
        for caller in callers:
            caller.close()
    section.facts[f"idle/{server.name}/rss"] = resident
    section.facts[f"idle/{server.name}/count"] = count
    times = (alone.p50_us, crowded.p50_us, alone.p99_us, crowded.p99_us)
    each = (resident - before) / count / 1024
    return [server.name, mebibytes(before), mebibytes(resident), f"{each:.1f}", *(f"{t / 1000:.3f}" for t in times)]


def _connect(port: int) -> socket.socket:
    caller = socket.create_connection(("127.0.0.1", port), 10)
    caller.sendall(f"GET {SMALL_READ.path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
    answer = caller.recv(65536)
    if not answer.startswith(b"HTTP/1.1 200"):
        caller.close()
        raise ConnectionError(f"an idle caller was answered with {answer[:80]!r}")
    return caller
