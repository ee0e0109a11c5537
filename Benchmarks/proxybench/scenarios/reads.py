"""Small GETs: the cost of a request, compared with every peer."""

from ..bench import Bench
from ..load import SMALL_READ
from ..processes import Running
from ..report import Section, load_table

TITLE = "Small reads"


def run(bench: Bench) -> Section:
    section = Section(TITLE)
    reference = bench.nginx()
    gateways = [bench.gateway("gateway best-effort", "best-effort"), bench.gateway("gateway")]
    others = [] if bench.is_short else bench.signing_peers() + bench.peers()
    proxies = [reference, *others, *gateways]
    with Running(proxies):
        for connections in (1, 64) if bench.is_short else (1, 16, 64, 256):
            figures = bench.harness.measure([bench.upstream, *proxies], SMALL_READ, connections)
            section.blocks.append(f"{connections} connection{'s' * (connections > 1)}:\n\n{load_table(figures, reference.name)}")
            _keep_facts(section, figures, connections)
    return section


def _keep_facts(section: Section, figures: dict, connections: int) -> None:
    for name, figure in figures.items():
        prefix = f"reads/{connections}/{name}"
        section.facts[f"{prefix}/rps"] = figure.requests_per_second
        section.facts[f"{prefix}/cpu"] = figure.cpu_us
        section.facts[f"{prefix}/p50"] = figure.p50_us
        section.facts[f"{prefix}/p99"] = figure.p99_us
