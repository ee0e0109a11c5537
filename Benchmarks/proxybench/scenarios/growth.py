"""How it grows: with connections, with requests served, with callers and rules."""

import time

from .. import accounting
from ..bench import Bench
from ..load import SMALL_READ, run_wrk
from ..processes import Running, Server
from ..report import Section, load_table, mebibytes, ratio, table

TITLE = "How it grows"
CONNECTIONS = (1, 4, 16, 64, 256, 1000)
LONG_SECONDS = 6
MANY_REQUESTS = 1_000_000
MANY = 1_000
PANELS = ("requests/s", "p99 ms", "RSS MiB after so many requests")


def run(bench: Bench) -> Section:
    section = Section(TITLE, curves={panel: {} for panel in PANELS})
    reference = bench.nginx()
    gateway = bench.gateway()
    with Running([reference, gateway]):
        section.blocks.append(_connections(bench, [reference, gateway], section))
        section.blocks.append(_requests(gateway, MANY_REQUESTS // (20 if bench.is_short else 1), section))
    section.blocks.append(_configuration(bench, section))
    return section


def _connections(bench: Bench, servers: list[Server], section: Section) -> str:
    rows = []
    for connections in CONNECTIONS:
        # Making a thousand connections would be most of a short burst.
        seconds = LONG_SECONDS if connections > 256 and not bench.is_short else None
        figures = bench.harness.measure(servers, SMALL_READ, connections, seconds=seconds)
        cells = [str(connections)]
        for server in servers:
            figure = figures[server.name]
            section.curves["requests/s"].setdefault(server.name, []).append((connections, figure.requests_per_second))
            section.curves["p99 ms"].setdefault(server.name, []).append((connections, figure.p99_us / 1000))
            cells += [f"{figure.requests_per_second:.0f}", f"{figure.p50_us / 1000:.2f}", f"{figure.p99_us / 1000:.2f}", f"{figure.cpu_us:.1f}"]
        for server in servers:
            section.facts[f"growth/{connections}/{server.name}/cpu"] = figures[server.name].cpu_us
        nginx, gateway = (figures[server.name] for server in servers)
        cells += [ratio(gateway.cpu_us, nginx.cpu_us), f"{max(nginx.noise, gateway.noise):.2f}", str(gateway.failures)]
        rows.append(cells)
    columns = [f"{server.name} {what}" for server in servers for what in ("requests/s", "p50 ms", "p99 ms", "CPU µs")]
    return "Connections:\n\n" + table(["connections", *columns, "CPU ÷ nginx", "noise", "failed"], rows)


def _requests(gateway: Server, count: int, section: Section) -> str:
    """Memory while requests are served, one burst after the other."""
    served = 0
    points = [(0.0, accounting.resident(gateway.pid) / 2**20)]
    while served < count:
        served += run_wrk(gateway.port, SMALL_READ, 64, 3).requests
        points.append((served, accounting.resident(gateway.pid) / 2**20))
    section.curves[PANELS[2]][gateway.name] = points
    section.facts["growth/requests/mib"] = points[-1][1] - points[len(points) // 10][1]
    return (
        f"{served} requests on 64 connections, after those above: RSS {points[0][1]:.1f} MiB before, {points[len(points) // 10][1]:.1f} after a tenth, "
        f"{points[-1][1]:.1f} at the end."
    )


def _configuration(bench: Bench, section: Section) -> str:
    """The same load with one caller and one rule, and with a thousand of each, of which the last rule decides."""
    small, large = bench.gateway("1 caller, 1 rule"), bench.crowded_gateway(f"{MANY} callers, {MANY} rules", MANY)
    with Running([small, large]):
        time.sleep(1)
        figures = bench.harness.measure([small, large], SMALL_READ, 64)
        memory = [mebibytes(accounting.resident(server.pid)) for server in (small, large)]
    section.facts["growth/configuration/cpu"] = figures[large.name].cpu_us / figures[small.name].cpu_us
    return f"Callers and rules (RSS {memory[0]} and {memory[1]} MiB):\n\n{load_table(figures, small.name)}"
