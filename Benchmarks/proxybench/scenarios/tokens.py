"""Token mode: an IAM token has kilobytes, and every request to HSS contains it."""

from ..bench import Bench
from ..load import SMALL_READ
from ..processes import Running
from ..report import Section, load_table, ratio, table

TITLE = "Tokens of IAM"
SIZES = {"100 B": 100, "2 KB": 2048, "3 KB": 3072, "16 KB": 16384}
CONNECTIONS = 64


def run(bench: Bench) -> Section:
    section = Section(TITLE)
    tokens = {name: ("MIIFoken0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRST" * 256)[:size] for name, size in SIZES.items()}
    references = [bench.nginx(f"nginx, {name}", token) for name, token in tokens.items()]
    gateways = [bench.gateway_with_token(f"gateway, {name}", token) for name, token in tokens.items()]
    with Running(references + gateways):
        figures = bench.harness.measure(references + gateways, SMALL_READ, CONNECTIONS)
    section.blocks.append(f"{CONNECTIONS} connections:\n\n{load_table(figures, references[0].name)}")
    rows = []
    for kind in ("nginx", "gateway"):
        costs = [figures[f"{kind}, {name}"].cpu_us for name in SIZES]
        rows.append([kind, *(ratio(cost, costs[0]) for cost in costs)])
        for name, cost in zip(SIZES, costs):
            section.facts[f"tokens/{kind}/{name}"] = cost / costs[0]
    section.blocks.append("CPU per request ÷ the same with 100 bytes:\n\n" + table(["", *SIZES], rows))
    return section
