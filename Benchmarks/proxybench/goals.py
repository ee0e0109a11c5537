"""The gateway's performance goals, and the measured figures. A machine of another kind has other ratios; these are for one processor and loopback."""

from collections.abc import Callable
from dataclasses import dataclass

from .report import table

Facts = dict[str, float]


@dataclass(frozen=True)
class Goal:
    name: str
    must: float
    aim: float
    is_at_most: bool
    measure: Callable[[Facts], float]

    def row(self, facts: Facts) -> list[str]:
        try:
            value = self.measure(facts)
        except (KeyError, ZeroDivisionError):
            return [self.name, *self._bounds(), "not measured", "-"]
        return [self.name, *self._bounds(), f"{value:.2f}", self._verdict(value)]

    def _bounds(self) -> list[str]:
        sign = "≤" if self.is_at_most else "≥"
        return [f"{sign} {self.must:g}", f"{sign} {self.aim:g}"]

    def _verdict(self, value: float) -> str:
        def reaches(bound: float) -> bool:
            return value <= bound if self.is_at_most else value >= bound

        return "aim reached" if reaches(self.aim) else "must reached" if reaches(self.must) else "**missed**"


def _added_p50(facts: Facts, name: str) -> float:
    return facts[f"reads/1/{name}/p50"] - facts["reads/1/direct/p50"]


def _over_tls(facts: Facts, prefix: str, name: str) -> float:
    return facts[f"tls/{prefix}/{name}"] / facts[f"tls/{prefix}/nginx to TLS"]


def _from_callers(facts: Facts, protocol: str) -> float:
    return facts[f"tls/callers/{protocol}/gateway, TLS callers"] / facts[f"tls/callers/{protocol}/nginx, TLS callers"]


def _growth(facts: Facts, connections: int) -> float:
    """CPU of a request with so many connections ÷ with 64."""
    return facts[f"growth/{connections}/gateway/cpu"] / facts["growth/64/gateway/cpu"]


def _beside_nginx(facts: Facts, figure: str) -> float:
    """The gateway's figure ÷ nginx's; `figure` has a place for the name."""
    return facts[figure.format(GATEWAY)] / facts[figure.format("nginx")]


KIB, MIB = 1 << 10, 1 << 20
GATEWAY = "gateway"

GOALS = [
    Goal("CPU of a small read ÷ nginx, 64 connections", 1.9, 1.6, True, lambda f: _beside_nginx(f, "reads/64/{}/cpu")),
    Goal("the same ÷ Envoy", 0.9, 0.7, True, lambda f: f["reads/64/gateway/cpu"] / f["reads/64/envoy/cpu"]),
    Goal("requests/s ÷ nginx, 64 connections", 0.5, 0.65, False, lambda f: _beside_nginx(f, "reads/64/{}/rps")),
    Goal("requests/s ÷ nginx + njs signing", 1.5, 2.5, False, lambda f: f["reads/64/gateway/rps"] / f["reads/64/nginx+njs signing/rps"]),
    Goal("requests/s ÷ Envoy signing", 1.5, 2.5, False, lambda f: f["reads/64/gateway/rps"] / f["reads/64/envoy signing/rps"]),
    Goal("added p50 at 1 connection ÷ nginx's", 1.6, 1.2, True, lambda f: _added_p50(f, GATEWAY) / _added_p50(f, "nginx")),
    Goal("p99 of reads ÷ nginx's, 16 connections", 2.5, 1.5, True, lambda f: _beside_nginx(f, "reads/16/{}/p99")),
    Goal("p99 of reads ÷ nginx's, 64 connections", 2.0, 1.5, True, lambda f: _beside_nginx(f, "reads/64/{}/p99")),
    Goal("CPU of a read at 256 connections ÷ at 64", 1.15, 1.05, True, lambda f: _growth(f, 256)),
    Goal("CPU of a read at 1,000 connections ÷ at 64", 1.4, 1.2, True, lambda f: _growth(f, 1000)),
    Goal("CPU with two workers ÷ with one", 1.1, 1.0, True, lambda f: f["workers/cpu"]),
    Goal("TLS to the upstream, 64 connections: CPU ÷ nginx's", 1.45, 1.25, True, lambda f: _over_tls(f, "upstream/64", "gateway to TLS")),
    Goal("TLS to the upstream, 1 connection: CPU ÷ nginx's", 1.5, 1.3, True, lambda f: _over_tls(f, "upstream/1", "gateway to TLS")),
    Goal("HTTP/2 to the upstream: CPU ÷ nginx's by HTTP/1.1", 1.8, 1.5, True, lambda f: _over_tls(f, "upstream/64", "gateway to TLS, HTTP/2")),
    Goal("TLS from callers: CPU ÷ nginx's", 1.8, 1.4, True, lambda f: _from_callers(f, "HTTP/1.1")),
    Goal("TLS and HTTP/2 from callers: CPU ÷ nginx's", 1.8, 1.4, True, lambda f: _from_callers(f, "HTTP/2")),
    Goal("CPU with a token of 2 KB ÷ 100 bytes", 1.3, 1.3, True, lambda f: f["tokens/gateway/2 KB"]),
    Goal("CPU with a token of 16 KB ÷ 100 bytes", 3.0, 3.0, True, lambda f: f["tokens/gateway/16 KB"]),
    Goal("CPU of an export ÷ of a read, 16 connections", 2.0, 1.7, True, lambda f: f["exports/16/gateway/cpu"] / f["reads/16/gateway/cpu"]),
    Goal("export p99 ÷ p50, 16 connections", 1.5, 1.3, True, lambda f: f["exports/16/gateway/p99"] / f["exports/16/gateway/p50"]),
    Goal("export p99 at 16 connections, in p99s of one sync", 4.0, 2.5, True, lambda f: f["exports/16/p99-in-syncs"]),
    Goal("1 GiB: GB/s ÷ nginx", 0.75, 0.9, False, lambda f: _beside_nginx(f, "download/{}/speed")),
    Goal("1 GiB: CPU ÷ (nginx's + SHA-256)", 0.95, 0.8, True,
         lambda f: f["download/gateway/cpu"] / (f["download/nginx/cpu"] + f["download/sha256/cpu"])),
    Goal("1 GiB: RSS growth, MiB", 16, 4, True, lambda f: f["download/gateway/growth"] / MIB),
    Goal("a slow reader's memory, KiB", 160, 96, True, lambda f: f["slow/gateway/each"] / KIB),
    Goal("10,000 idle callers: RSS, MiB", 80, 60, True, lambda f: f["idle/gateway/rss"] / MIB),
    Goal("at rest: RSS, MiB", 32, 20, True, lambda f: f["startup/gateway/rss"] / MIB),
    Goal("start to the first answer ÷ nginx's", 3, 2, True, lambda f: _beside_nginx(f, "startup/{}/ms")),
    Goal("binary, stripped, MB", 30, 20, True, lambda f: f["startup/gateway/stripped"] / 1e6),
]


def compare(facts: Facts) -> str:
    rows = [goal.row(facts) for goal in GOALS]
    return "### Against the targets\n\n" + table(["figure", "must", "aim", "measured", ""], rows) + "\n"
