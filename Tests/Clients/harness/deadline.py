"""Waiting for a condition, with a limit and without guessing how long it takes."""

import time

# Long enough for two slow cores that run other tests too; reached only when something is broken.
PATIENCE_SECONDS = 60.0
# Between two checks, at first and at most.
PAUSE_SECONDS = 0.01
LONGEST_PAUSE_SECONDS = 0.1


def between(begun: float, pause: float = PAUSE_SECONDS) -> float:
    """How long to wait for the next check of something that was first looked for at `begun`: a twentieth of the time it has taken so far, so that
    waiting for a minute isn't six thousand checks, each of which may be a call or a process."""
    return max(pause, min((time.monotonic() - begun) / 20, LONGEST_PAUSE_SECONDS))


def eventually(look, what: str, patience: float = PATIENCE_SECONDS, pause: float = PAUSE_SECONDS):
    """The first true value of `look()`. A check with side effects may use a longer `pause`."""
    begun = time.monotonic()
    while True:
        value = look()
        if value:
            return value
        if time.monotonic() > begun + patience:
            raise AssertionError(f"{what} did not happen within {patience:g} s")
        time.sleep(between(begun, pause))
