"""Draws the curves of the scenarios as one SVG file, without a library."""

import math
from collections.abc import Iterable
from html import escape

from .report import Section

WIDTH, HEIGHT, MARGIN, GAP = 340, 260, 46, 24
COLOURS = ("#888888", "#c7000b", "#2f6f9f", "#5a8f29")

Points = list[tuple[float, float]]


def draw(sections: Iterable[Section]) -> str:
    panels = [(name, curves) for section in sections for name, curves in section.curves.items() if curves]
    width = len(panels) * (WIDTH + GAP) + GAP
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{HEIGHT + 2 * GAP}" font-family="sans-serif" font-size="11">',
        f'<rect width="{width}" height="{HEIGHT + 2 * GAP}" fill="white"/>',
    ]
    for number, (name, curves) in enumerate(panels):
        parts.append(f'<g transform="translate({GAP + number * (WIDTH + GAP)},{GAP})">{_panel(name, curves)}</g>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _panel(name: str, curves: dict[str, Points]) -> str:
    xs = [x for points in curves.values() for x, _ in points]
    # Connections double; requests add up.
    is_logarithmic = min(xs) > 0
    top = _round_up(max(y for points in curves.values() for _, y in points))

    def place(x: float, y: float) -> tuple[float, float]:
        low, high = min(xs), max(xs)
        part = math.log(x / low) / math.log(high / low) if is_logarithmic else (x - low) / (high - low)
        return MARGIN + part * (WIDTH - MARGIN - 8), HEIGHT - 30 - y / top * (HEIGHT - 60)

    parts = [f'<text x="{MARGIN}" y="12" font-weight="bold">{escape(name)}</text>']
    for step in range(5):
        value = top * step / 4
        _, y = place(xs[0], value)
        parts.append(f'<line x1="{MARGIN}" x2="{WIDTH - 8}" y1="{y:.1f}" y2="{y:.1f}" stroke="#dddddd"/>')
        parts.append(f'<text x="{MARGIN - 4}" y="{y + 4:.1f}" text-anchor="end">{value:g}</text>')
    for x in sorted(set(xs)) if is_logarithmic else (0, max(xs)):
        parts.append(f'<text x="{place(x, 0)[0]:.1f}" y="{HEIGHT - 14}" text-anchor="middle">{x:g}</text>'.replace("e+06", " million"))
    for index, (target, points) in enumerate(curves.items()):
        colour = COLOURS[index % len(COLOURS)]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(*point) for point in points))
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="{MARGIN + 8 + 90 * index}" y="28" fill="{colour}">{escape(target)}</text>')
    return "".join(parts)


def _round_up(value: float) -> float:
    """The next of 1, 2, 4, 8 times a power of ten, so that quarters of it are round."""
    power = 10 ** math.floor(math.log10(value)) if value > 0 else 1
    return next(step * power for step in (1, 2, 4, 6, 8, 10) if step * power >= value)
