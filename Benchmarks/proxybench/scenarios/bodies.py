"""Large answers: 20 KB pages, a file of 1 GiB, and callers that read slowly."""

import hashlib
import os
import statistics
import time

from .. import accounting
from ..bench import Bench
from ..download import SlowReaders, download
from ..load import DOWNLOAD, LIST_READ
from ..peers.nginx import GIBIBYTE
from ..processes import LOAD_CPU, PROXY_CPU, Running, Server
from ..report import Section, load_table, mebibytes, table

TITLE = "Large answers"
CONNECTIONS = 16
SLOW_READERS = 64
SLOW_SECONDS = 3.0
SLOW_BYTES_PER_SECOND = 256 * 1024


def run(bench: Bench) -> Section:
    section = Section(TITLE)
    reference = bench.nginx()
    gateway = bench.gateway()
    proxies = [reference, *([] if bench.is_short else bench.peers()), gateway]
    with Running(proxies):
        figures = bench.harness.measure([bench.upstream, *proxies], LIST_READ, CONNECTIONS)
        section.blocks.append(f"20 KB, {CONNECTIONS} connections:\n\n{load_table(figures, reference.name)}")
        section.blocks.append(_downloads(bench, proxies, section))
        section.blocks.append(_slow_readers(proxies, section))
    return section


def _downloads(bench: Bench, proxies: list[Server], section: Section) -> str:
    found: dict[str, list[tuple[float, float, float]]] = {}
    for _ in range(bench.harness.plan.rounds):
        for server in [bench.upstream, *proxies]:
            accounting.reset_peak(server.pid)
            before, memory = accounting.usage(server.pid), accounting.resident(server.pid)
            begin = time.monotonic()
            size = download(server.port, DOWNLOAD.path, GIBIBYTE)
            seconds = time.monotonic() - begin
            cpu = accounting.usage(server.pid).since(before).cpu_ns / 1e9
            found.setdefault(server.name, []).append((size / seconds / 1e9, cpu, accounting.peak_resident(server.pid) - memory))
    speeds = {name: statistics.median(r[0] for r in rounds) for name, rounds in found.items()}
    rows = []
    for name, rounds in found.items():
        growth = max(r[2] for r in rounds)
        section.facts[f"download/{name}/speed"], section.facts[f"download/{name}/growth"] = speeds[name], growth
        cpu = statistics.median(r[1] for r in rounds)
        section.facts[f"download/{name}/cpu"] = cpu
        rows.append([name, f"{speeds[name]:.2f}", f"{speeds[name] / speeds['nginx']:.2f}", f"{cpu:.2f}", mebibytes(growth)])
    section.facts["download/sha256/cpu"] = _hashing_seconds()
    text = table(["target", "GB/s", "÷ nginx", "CPU s/GiB", "most RSS growth, MiB"], rows)
    return f"1 GiB, one caller. The gateway also hashes it: SHA-256 alone takes {section.facts['download/sha256/cpu']:.2f} s here.\n\n{text}"


def _hashing_seconds() -> float:
    """CPU seconds of SHA-256 over a GiB, on the proxies' processor."""
    piece = bytes(1 << 20)
    os.sched_setaffinity(0, {PROXY_CPU})
    try:
        hasher, begin = hashlib.sha256(), time.thread_time()
        for _ in range(GIBIBYTE // len(piece)):
            hasher.update(piece)
        return time.thread_time() - begin
    finally:
        os.sched_setaffinity(0, {LOAD_CPU})


def _slow_readers(proxies: list[Server], section: Section) -> str:
    rows = []
    for server in proxies:
        memory = accounting.resident(server.pid)
        accounting.reset_peak(server.pid)
        with SlowReaders(server.port, DOWNLOAD.path, SLOW_READERS) as readers:
            readers.read(SLOW_SECONDS, SLOW_BYTES_PER_SECOND)
            growth = accounting.peak_resident(server.pid) - memory
        section.facts[f"slow/{server.name}/each"] = growth / SLOW_READERS
        rows.append([server.name, mebibytes(growth), f"{growth / SLOW_READERS / 1024:.0f}"])
    text = f"{SLOW_READERS} callers that read 1 GiB at {SLOW_BYTES_PER_SECOND // 1024} KiB/s each, for {SLOW_SECONDS:.0f} s:\n\n"
    return text + table(["target", "RSS growth, MiB", "KiB per caller"], rows)
