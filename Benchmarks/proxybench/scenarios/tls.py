"""Realistic connections: TLS to the upstream, by HTTP/1.1 and HTTP/2, and TLS from callers."""

import shutil
from functools import partial

from ..bench import Bench
from ..load import SMALL_READ, run_h2load, run_wrk
from ..processes import Running
from ..report import Section, load_table

TITLE = "TLS and HTTP/2"


def run(bench: Bench) -> Section:
    section = Section(TITLE)
    reference = bench.nginx_over_tls("nginx to TLS")
    to_upstream = [reference, bench.gateway_over_tls("gateway to TLS"), bench.gateway_over_tls("gateway to TLS, HTTP/2", http2=True)]
    with Running(to_upstream):
        for connections in (1, 64):
            figures = bench.harness.measure(to_upstream, SMALL_READ, connections)
            section.blocks.append(f"TLS to the upstream, {_connections(connections)}:\n\n{load_table(figures, reference.name)}")
            _keep_facts(section, f"tls/upstream/{connections}", figures)
    reference = bench.terminating_nginx("nginx, TLS callers")
    from_callers = [reference, bench.terminating_gateway("gateway, TLS callers")]
    loads = {"HTTP/1.1": (partial(run_wrk, scheme="https"), 64)}
    if shutil.which("h2load"):
        loads["HTTP/2"] = (run_h2load, 16)
    else:
        bench.skipped.append("h2load")
    with Running(from_callers):
        for protocol, (load, connections) in loads.items():
            figures = bench.harness.measure(from_callers, SMALL_READ, connections, load=load)
            section.blocks.append(f"TLS from callers, {protocol}, {_connections(connections)}:\n\n{load_table(figures, reference.name)}")
            _keep_facts(section, f"tls/callers/{protocol}", figures)
    return section


def _connections(count: int) -> str:
    return f"{count} connection{'s' * (count > 1)}"


def _keep_facts(section: Section, prefix: str, figures: dict) -> None:
    for name, figure in figures.items():
        section.facts[f"{prefix}/{name}"] = figure.cpu_us
