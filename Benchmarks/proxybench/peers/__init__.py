"""The servers that are compared, each made from its file in Benchmarks/configurations."""

import os
from collections.abc import Mapping
from pathlib import Path

from ..load import CONFIGURATIONS

# As long as a short token; what the token's length costs is a scenario of its own.
SHORT_TOKEN = "MIIDkgYJKoZIhvcNAQcCoIIDgzCCA38CAQExDTALBglghkgBZQMEAgEwggHgBgkqhkiG9w0BBwGgggHR0123456789abcdefghij"


def fill(template: str, into: Path, values: Mapping[str, object]) -> Path:
    """Writes the configuration with every `@NAME@` replaced."""
    text = (CONFIGURATIONS / template).read_text()
    for name, value in values.items():
        text = text.replace(f"@{name}@", str(value))
    into.write_text(text)
    return into


def find_program(*candidates: str) -> str | None:
    """The first candidate that can be run: a path, or a name on PATH or where Debian keeps daemons."""
    directories = [*os.environ.get("PATH", "").split(":"), "/usr/sbin"]
    for candidate in candidates:
        places = [candidate] if "/" in candidate else [os.path.join(directory, candidate) for directory in directories]
        for place in places:
            if os.access(place, os.X_OK) and os.path.isfile(place):
                return place
    return None
