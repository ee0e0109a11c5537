"""One event loop and two, under the same load. On two processors gateway, upstream and load share both, so CPU per request says what is shared."""

from ..bench import Bench
from ..load import SMALL_READ
from ..processes import Running
from ..report import Section, load_table

TITLE = "Several workers"
CONNECTIONS = 64


def run(bench: Bench) -> Section:
    section = Section(TITLE)
    one, two = bench.gateway_with_workers("1 worker", 1), bench.gateway_with_workers("2 workers", 2)
    with Running([one, two]):
        figures = bench.harness.measure([one, two], SMALL_READ, CONNECTIONS)
    section.facts["workers/cpu"] = figures[two.name].cpu_us / figures[one.name].cpu_us
    section.blocks.append(f"{CONNECTIONS} connections, no processor reserved:\n\n{load_table(figures, one.name)}")
    return section
