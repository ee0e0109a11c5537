"""Rounds: every target gets the same burst in turn, in random order, until each has enough quiet rounds."""

import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from . import accounting
from .load import LoadResult, Request, run_wrk
from .processes import Server

# A round counts only when other programs used less than this many processors meanwhile.
QUIET_CORES = 0.15
# So many times the wanted rounds are tried at most; after that the quietest ones count.
MOST_TRIES = 4
# A journal that is synced behind the answers ends its work within this.
SETTLE_SECONDS = 0.15


@dataclass(frozen=True)
class Round:
    """One burst against one target."""

    requests_per_second: float
    p50_us: float
    p99_us: float
    cpu_us: float
    """CPU of the proxy per request."""
    switches: float
    """Context switches of the proxy per request, wanted and not."""
    resident: int
    failures: int
    noise: float
    """Processors that programs other than the proxy, the upstream and the load used."""


@dataclass(frozen=True)
class Figures:
    """Medians of a target's quietest rounds."""

    rounds: list[Round]

    def median(self, name: str) -> float:
        return statistics.median(getattr(round_, name) for round_ in self.rounds)

    def __getattr__(self, name: str) -> float:
        if name not in Round.__dataclass_fields__:
            raise AttributeError(name)
        return self.median(name)

    @property
    def spread(self) -> float:
        """How far the rounds' CPU figures lie apart, as a part of their median."""
        values = [round_.cpu_us for round_ in self.rounds]
        return (max(values) - min(values)) / statistics.median(values) if self.cpu_us else 0.0

    @property
    def failures(self) -> int:
        return sum(round_.failures for round_ in self.rounds)


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    rounds: int
    seconds: int

    @property
    def most_rounds(self) -> int:
        return self.rounds * MOST_TRIES


Load = Callable[[int, Request, int, int], LoadResult]
"""Sends to a port, on so many connections, for so many seconds."""


class Harness:
    def __init__(self, upstream: Server, plan: Plan):
        self.upstream = upstream
        self.plan = plan

    def measure(
        self, servers: list[Server], request: Request, connections: int, each_turn: Callable[[], None] | None = None,
        load: Load = run_wrk, seconds: int | None = None,
    ) -> dict[str, Figures]:
        """Figures by the servers' names. The upstream itself may be among them. `each_turn` runs once before every turn; `seconds` are those of a burst
        when the plan's don't fit."""
        found: dict[str, list[Round]] = {server.name: [] for server in servers}
        for server in servers:
            load(server.port, request, connections, 1)
        for turn in range(self.plan.most_rounds):
            waiting = [server for server in servers if self._wants_more(found[server.name], turn)]
            if not waiting:
                break
            if each_turn is not None:
                each_turn()
            random.shuffle(waiting)
            for server in waiting:
                found[server.name].append(self._round(server, request, connections, load, seconds or self.plan.seconds))
        return {name: Figures(self._quietest(rounds)) for name, rounds in found.items()}

    def _wants_more(self, rounds: list[Round], turn: int) -> bool:
        return turn < self.plan.rounds or sum(r.noise < QUIET_CORES for r in rounds) < self.plan.rounds

    def _quietest(self, rounds: list[Round]) -> list[Round]:
        return sorted(rounds, key=lambda round_: round_.noise)[: self.plan.rounds]

    def _round(self, server: Server, request: Request, connections: int, send: Load, seconds: int) -> Round:
        begin, busy = time.monotonic(), accounting.machine_busy_seconds()
        proxy, upstream = accounting.usage(server.pid), accounting.usage(self.upstream.pid)
        load = send(server.port, request, connections, seconds)
        time.sleep(SETTLE_SECONDS)
        used = accounting.usage(server.pid).since(proxy)
        ours = used.cpu_ns / 1e9 + load.cpu_seconds
        if server is not self.upstream:
            ours += accounting.usage(self.upstream.pid).since(upstream).cpu_ns / 1e9
        foreign = accounting.machine_busy_seconds() - busy - ours
        requests = max(1, load.requests)
        return Round(
            requests_per_second=load.requests / load.seconds, p50_us=load.p50_us, p99_us=load.p99_us,
            cpu_us=used.cpu_ns / 1000 / requests, switches=used.switches / requests, resident=accounting.resident(server.pid),
            failures=load.failures, noise=max(0.0, foreign / (time.monotonic() - begin)),
        )
