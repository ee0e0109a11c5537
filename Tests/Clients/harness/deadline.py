"""Waiting for a condition, with a limit and without guessing how long it takes."""

import time

# Long enough for two slow cores that run other tests too; reached only when something is broken.
PATIENCE_SECONDS = 20.0
# Between two checks.
PAUSE_SECONDS = 0.01


def eventually(look, what: str, patience: float = PATIENCE_SECONDS, pause: float = PAUSE_SECONDS):
    """The first true value of `look()`. A check with side effects may use a longer `pause`."""
    end = time.monotonic() + patience
    while True:
        value = look()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not happen within {patience:g} s")
        time.sleep(pause)
