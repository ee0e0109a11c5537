"""The gateway's performance goals, and the measured figures."""

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


MIB = 1 << 20
GATEWAY = "gateway"

GOALS = [
    Goal("CPU per request ÷ nginx, 64 connections", 2.0, 1.6, True, lambda f: f["reads/64/gateway/cpu"] / f["reads/64/nginx/cpu"]),
    Goal("CPU per request ÷ Envoy, 64 connections", 0.9, 0.7, True, lambda f: f["reads/64/gateway/cpu"] / f["reads/64/envoy/cpu"]),
    Goal("requests/s ÷ nginx + njs signing", 1.5, 2.5, False, lambda f: f["reads/64/gateway/rps"] / f["reads/64/nginx+njs signing/rps"]),
    Goal("requests/s ÷ Envoy signing", 1.5, 2.5, False, lambda f: f["reads/64/gateway/rps"] / f["reads/64/envoy signing/rps"]),
    Goal("requests/s ÷ nginx, 64 connections", 0.5, 0.65, False, lambda f: f["reads/64/gateway/rps"] / f["reads/64/nginx/rps"]),
    Goal("added p50 at 1 connection ÷ nginx's", 1.6, 1.2, True, lambda f: _added_p50(f, GATEWAY) / _added_p50(f, "nginx")),
    Goal("export p99 at 16 connections, in p99s of one sync", 4.0, 2.5, True, lambda f: f["exports/16/p99-in-syncs"]),
    Goal("TLS to the upstream, 64 connections: CPU ÷ nginx's", 1.45, 1.25, True, lambda f: _over_tls(f, "upstream/64", "gateway to TLS")),
    Goal("TLS to the upstream, 1 connection: CPU ÷ nginx's", 1.5, 1.3, True, lambda f: _over_tls(f, "upstream/1", "gateway to TLS")),
    Goal("HTTP/2 to the upstream: CPU ÷ nginx's by HTTP/1.1", 1.8, 1.5, True, lambda f: _over_tls(f, "upstream/64", "gateway to TLS, HTTP/2")),
    Goal("TLS from callers: CPU ÷ nginx's", 1.8, 1.4, True, lambda f: _from_callers(f, "HTTP/1.1")),
    Goal("TLS and HTTP/2 from callers: CPU ÷ nginx's", 1.8, 1.4, True, lambda f: _from_callers(f, "HTTP/2")),
    Goal("CPU with a token of 2 KB ÷ 100 bytes", 1.3, 1.3, True, lambda f: f["tokens/gateway/2 KB"]),
    Goal("CPU with a token of 16 KB ÷ 100 bytes", 3.0, 3.0, True, lambda f: f["tokens/gateway/16 KB"]),
    Goal("1 GiB: GB/s ÷ nginx", 0.7, 1.0, False, lambda f: f["download/gateway/speed"] / f["download/nginx/speed"]),
    Goal("1 GiB: RSS growth, MiB", 16, 4, True, lambda f: f["download/gateway/growth"] / MIB),
    Goal("10,000 idle callers: RSS, MiB", 150, 80, True, lambda f: f["idle/gateway/rss"] / MIB),
]


def compare(facts: Facts) -> str:
    rows = [goal.row(facts) for goal in GOALS]
    return "### Against the targets\n\n" + table(["figure", "must", "aim", "measured", ""], rows) + "\n"
