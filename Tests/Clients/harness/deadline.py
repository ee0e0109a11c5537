"""Waiting for something to come true, with a bound and without guessing how long it takes."""

import time

# Long enough for two slow cores that other tests are using too; reached only when something is broken.
PATIENCE_SECONDS = 20.0
# Between two looks.
PAUSE_SECONDS = 0.01


def eventually(look, what: str, patience: float = PATIENCE_SECONDS, pause: float = PAUSE_SECONDS):
    """The first true value of `look()`. A look that leaves traces may ask for a longer `pause`."""
    end = time.monotonic() + patience
    while True:
        value = look()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not happen within {patience:g} s")
        time.sleep(pause)
