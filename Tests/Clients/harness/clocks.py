"""Clocks of programs that run under libfaketime and follow a file."""

from pathlib import Path


def set_clock(path: Path, seconds: float):
    """Sets the clock ahead of this machine's. In one write: from an empty file a program would read another time in between."""
    fresh = path.with_suffix(".new")
    fresh.write_text(f"{seconds:+.3f}\n")
    fresh.chmod(0o644)
    fresh.replace(path)
