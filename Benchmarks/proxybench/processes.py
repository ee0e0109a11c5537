"""Servers that the benchmark starts, pins to a processor and always stops."""

import os
import signal
import socket
import subprocess
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

START_SECONDS = 20
STOP_SECONDS = 10

# The proxy has one processor for itself; the upstream, the load and this program share the other.
PROXY_CPU = 0
LOAD_CPU = 1
BOTH_CPUS = f"{PROXY_CPU},{LOAD_CPU}"


class BenchmarkError(Exception):
    """Something that makes a figure impossible, as a sentence for the user of the benchmark."""


# Below the kernel's range for outgoing connections (ip_local_port_range), so that none of them takes a server's port.
_ports = iter(range(21_000, 32_000))


def free_port() -> int:
    """A free port; never the same twice."""
    for port in _ports:
        with closing(socket.socket()) as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise BenchmarkError("no port is free on loopback between 21000 and 32000")


@dataclass
class Server:
    """One program with one port. `directory` is its own, `cpu` one processor or a list of them, as `taskset` reads it."""

    name: str
    command: list[str]
    port: int
    directory: Path
    cpu: int | str = PROXY_CPU
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen | None = None

    @property
    def pid(self) -> int:
        if self.process is None:
            raise BenchmarkError(f"{self.name} is not running")
        return self.process.pid

    def start(self) -> None:
        """Starts it and waits until its port is open."""
        self.launch()
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise BenchmarkError(f"{self.name} ended at once:\n{self.last_words()}")
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.02)
        raise BenchmarkError(f"{self.name} was not ready within {START_SECONDS} s:\n{self.last_words()}")

    def launch(self) -> None:
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                ["taskset", "-c", str(self.cpu), *self.command],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.directory,
                env={**os.environ, **self.environment},
                # A process group of its own: stopping it reaches its workers as well.
                start_new_session=True,
            )

    def stop(self) -> None:
        process, self.process = self.process, None
        if process is None:
            return
        for sign in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(process.pid, sign)
            except ProcessLookupError:
                pass
            try:
                process.wait(STOP_SECONDS)
                return
            except subprocess.TimeoutExpired:
                continue

    @property
    def log(self) -> Path:
        return self.directory / "output.log"

    def last_words(self) -> str:
        return self.log.read_text(errors="replace")[-2000:]


class Running:
    """Servers that run together: `with Running(servers):` starts all and always stops all."""

    def __init__(self, servers: list[Server]):
        self.servers = servers

    def __enter__(self) -> "Running":
        try:
            for server in self.servers:
                server.start()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, *_) -> None:
        self._stop()

    def _stop(self) -> None:
        for server in self.servers:
            server.stop()
