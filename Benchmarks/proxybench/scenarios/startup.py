"""From the start to the first answer; memory and disk use before the first request."""

import os
import shutil
import socket
import statistics
import subprocess
import time

from .. import accounting
from ..bench import Bench
from ..load import SMALL_READ
from ..processes import START_SECONDS, BenchmarkError, Server
from ..report import Section, mebibytes, table

TITLE = "Start-up and size"
STARTS = 5
REST_SECONDS = 1.0


def run(bench: Bench) -> Section:
    section = Section(TITLE)
    rows = []
    for server in [bench.nginx(), *([] if bench.is_short else bench.peers()), bench.gateway()]:
        times, memory = [], 0
        for _ in range(STARTS):
            times.append(_time_to_first_answer(server))
            time.sleep(REST_SECONDS)
            memory = accounting.resident(server.pid)
            server.stop()
        binary = server.command[0]
        libraries = _libraries(binary)
        size, stripped = os.stat(binary).st_size, _stripped(bench, binary)
        rows.append([
            server.name, f"{statistics.median(times) * 1000:.0f}", mebibytes(memory), mebibytes(size),
            "-" if stripped is None else mebibytes(stripped), str(len(libraries)),
        ])
        section.facts[f"startup/{server.name}/ms"] = statistics.median(times) * 1000
        section.facts[f"startup/{server.name}/rss"] = memory
        if stripped is not None:
            section.facts[f"startup/{server.name}/stripped"] = stripped
    header = ["target", "ms to the first answer", "RSS at rest, MiB", "binary, MiB", "stripped, MiB", "shared libraries"]
    section.blocks.append(table(header, rows))
    section.blocks.append("The gateway's shared libraries: " + ", ".join(f"`{name}`" for name in _libraries(bench.tools.gateway)) + ".")
    return section


def _time_to_first_answer(server: Server) -> float:
    """Starts it and sends a request every millisecond until one is answered."""
    begin = time.monotonic()
    server.launch()
    while time.monotonic() < begin + START_SECONDS:
        try:
            with socket.create_connection(("127.0.0.1", server.port), 5) as caller:
                caller.sendall(f"GET {SMALL_READ.path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
                if caller.recv(4096).startswith(b"HTTP/1.1 200"):
                    return time.monotonic() - begin
        except OSError:
            pass
        time.sleep(0.001)
    server.stop()
    raise BenchmarkError(f"{server.name} gave no answer within {START_SECONDS} s:\n{server.last_words()}")


def _stripped(bench: Bench, binary: str) -> int | None:
    """The file's size without symbols; None where they can't be removed."""
    strip = shutil.which("strip")
    if strip is None:
        return None
    copy = bench.directory / "stripped"
    finished = subprocess.run([strip, "-o", str(copy), binary], capture_output=True)
    return copy.stat().st_size if finished.returncode == 0 else None


def _libraries(binary: str) -> list[str]:
    """What the loader maps besides the binary, by name."""
    output = subprocess.run(["ldd", binary], capture_output=True, text=True).stdout
    return sorted({line.split()[0] for line in output.splitlines() if "=>" in line})
