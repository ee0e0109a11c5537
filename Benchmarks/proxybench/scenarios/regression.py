"""Whether a request costs more than before: one measurement of small reads compared with nginx, and with the recorded ratio. A report without a
verdict."""

import json
from pathlib import Path

from ..bench import Bench
from ..load import SMALL_READ
from ..processes import Running
from ..report import Section

TITLE = "CPU per request beside nginx, against the record"
CONNECTIONS = 64
# Runs on a shared machine differ by a tenth; a larger difference should be examined.
WORTH_A_LOOK = 1.25
RECORD = Path(__file__).resolve().parents[2] / "recorded.json"


def run(bench: Bench) -> Section:
    build = "debug" if "debug" in Path(bench.tools.gateway).resolve().parts else "release"
    recorded = json.loads(RECORD.read_text())["cpu_per_request_beside_nginx"][build]
    nginx, gateway = bench.nginx(), bench.gateway()
    with Running([nginx, gateway]):
        figures = bench.harness.measure([nginx, gateway], SMALL_READ, CONNECTIONS)
    base, found = figures[nginx.name], figures[gateway.name]
    ratio = found.cpu_us / base.cpu_us
    sentence = (
        f"{build} build, {CONNECTIONS} connections: {found.cpu_us:.1f} µs, {ratio:.2f} times nginx's; on record {recorded:.2f} "
        f"({100 * (ratio / recorded - 1):+.0f} %, noise {max(base.noise, found.noise):.2f})."
    )
    if ratio > recorded * WORTH_A_LOOK:
        sentence += f" **More than {100 * (WORTH_A_LOOK - 1):.0f} % above the record: worth a look.**"
    return Section(TITLE, [sentence])
