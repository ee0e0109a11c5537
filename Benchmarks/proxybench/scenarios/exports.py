"""Exports under strict-exports: two durable records each, so a disk's sync is the unit of time."""

from ..bench import Bench
from ..disk import SyncMeter
from ..load import EXPORT
from ..processes import Running
from ..report import Section, load_table

TITLE = "Exports, two durable records each"


def run(bench: Bench) -> Section:
    section = Section(TITLE)
    reference = bench.nginx()
    gateway = bench.gateway()
    best_effort = bench.gateway("gateway best-effort", "best-effort")
    others = [] if bench.is_short else bench.signing_peers()
    proxies = [reference, *others, best_effort, gateway]
    with Running(proxies):
        for connections in (1, 16) if bench.is_short else (1, 16, 64):
            meter = SyncMeter(gateway.directory / "audit")
            figures = bench.harness.measure(proxies, EXPORT, connections, each_turn=meter.burst)
            units = figures[gateway.name].p99_us / meter.p99_us
            section.facts[f"exports/{connections}/p99-in-syncs"] = units
            for name in ("cpu_us", "p50_us", "p99_us"):
                section.facts[f"exports/{connections}/gateway/{name.removesuffix('_us')}"] = figures[gateway.name].median(name)
            section.blocks.append(
                f"{connections} connection{'s' * (connections > 1)}. One `fdatasync` of 1 KiB in the journal's directory, measured between "
                f"the rounds: p50 {meter.p50_us / 1000:.3f} ms, p99 {meter.p99_us / 1000:.3f} ms ({meter.count} syncs). "
                f"The gateway's p99 is {units:.1f} of these p99s, its p50 {figures[gateway.name].p50_us / meter.p50_us:.1f} of these p50s."
                f"\n\n{load_table(figures, reference.name)}"
            )
    return section
