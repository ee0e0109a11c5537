"""Tables in Markdown."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from .harness import Figures


@dataclass
class Section:
    """The result of one scenario: text and tables for readers, `facts` for the comparison with the goals."""

    title: str
    blocks: list[str] = field(default_factory=list)
    facts: dict[str, float] = field(default_factory=dict)
    curves: dict[str, dict[str, list[tuple[float, float]]]] = field(default_factory=dict)
    """What is drawn: points by panel and target."""

    def text(self) -> str:
        return f"### {self.title}\n\n" + "\n\n".join(self.blocks) + "\n"


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """First column left, the others right."""
    lines = ["| " + " | ".join(header) + " |", "|---" + "|--:" * (len(header) - 1) + "|"]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def load_table(figures: dict[str, Figures], reference: str) -> str:
    """The usual figures of targets under the same load, with ratios to the reference."""
    base = figures[reference]
    header = [
        "target", "requests/s", "÷ " + reference, "p50 ms", "p99 ms", "CPU µs/request", "÷ " + reference,
        "switches/request", "RSS MiB", "spread", "noise", "failed",
    ]
    return table(header, [[name, *_load_cells(figure, base)] for name, figure in figures.items()])


def _load_cells(figure: Figures, base: Figures) -> list[str]:
    return [
        f"{figure.requests_per_second:.0f}", ratio(figure.requests_per_second, base.requests_per_second),
        f"{figure.p50_us / 1000:.3f}", f"{figure.p99_us / 1000:.3f}",
        f"{figure.cpu_us:.1f}", ratio(figure.cpu_us, base.cpu_us),
        f"{figure.switches:.2f}", mebibytes(figure.resident), f"{100 * figure.spread:.0f} %", f"{figure.noise:.2f}",
        str(figure.failures),
    ]


def ratio(value: float, base: float) -> str:
    return f"{value / base:.2f}" if base else "-"


def mebibytes(count: float) -> str:
    return f"{count / (1 << 20):.1f}"
