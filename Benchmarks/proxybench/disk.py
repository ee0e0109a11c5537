"""The duration of one sync on the journal's disk."""

import os
import time
from pathlib import Path

RECORD = b"x" * 1023 + b"\n"
BURST_SECONDS = 0.5
MOST_SYNCS_PER_BURST = 2000


class SyncMeter:
    """Appends a record and syncs it, repeatedly, like a journal with one caller."""

    def __init__(self, directory: Path):
        # Next to the journal, not in it: a gateway may reject unknown files.
        self._path = directory.parent / "sync-meter"
        self._microseconds: list[float] = []

    def burst(self) -> None:
        end = time.monotonic() + BURST_SECONDS
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            for _ in range(MOST_SYNCS_PER_BURST):
                begin = time.monotonic()
                if begin > end:
                    break
                os.write(descriptor, RECORD)
                os.fdatasync(descriptor)
                self._microseconds.append((time.monotonic() - begin) * 1e6)
        finally:
            os.close(descriptor)

    @property
    def count(self) -> int:
        return len(self._microseconds)

    @property
    def p50_us(self) -> float:
        return self._percentile(0.50)

    @property
    def p99_us(self) -> float:
        return self._percentile(0.99)

    def _percentile(self, part: float) -> float:
        ordered = sorted(self._microseconds)
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))]
