"""One file per scenario; each has `run(bench) -> Section`. The order is the report's."""

from . import bodies, exports, growth, idle, micro, reads, regression, startup, tls, tokens, workers

ALL = {
    "reads": reads, "exports": exports, "tls": tls, "tokens": tokens, "bodies": bodies, "idle": idle, "startup": startup,
    "growth": growth, "workers": workers, "micro": micro,
}

ASKED_FOR_ONLY = {"regression": regression}
"""Not part of a whole run."""
