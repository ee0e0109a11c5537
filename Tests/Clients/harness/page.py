"""Operations of tests on a page, for any browser."""

import contextlib
import time

from harness.deadline import between

# Longest wait for an answer of the browser or for a state of the page, seconds; the machine may be slow and busy.
PATIENCE = 60


class Page:
    """A browser's page: `run` returns the value of an expression, `complaints` the errors that the browser reported."""

    def until(self, script: str, what: str | None = None):
        """Waits until an expression is true; an element counts as true."""
        begun = time.monotonic()
        while time.monotonic() < begun + PATIENCE:
            with contextlib.suppress(AssertionError):
                if self.run(f"Boolean({script})"):
                    return
            time.sleep(between(begun, 0.02))
        shown = self.run("document.body ? document.body.innerText.slice(0, 1500) : ''")
        raise AssertionError(f"never came about: {what or script}\n{self.complaints}\n{shown}")
