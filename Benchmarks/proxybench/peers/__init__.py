"""The compared servers, each created from its file in Benchmarks/configurations."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..load import CONFIGURATIONS

# As long as a short token; the cost of a token's length is a scenario of its own.
SHORT_TOKEN = "MIIDkgYJKoZIhvcNAQcCoIIDgzCCA38CAQExDTALBglghkgBZQMEAgEwggHgBgkqhkiG9w0BBwGgggHR0123456789abcdefghij"


def fill(template: str, into: Path, values: Mapping[str, object]) -> Path:
    """Writes the configuration with every `@NAME@` replaced."""
    text = (CONFIGURATIONS / template).read_text()
    for name, value in values.items():
        text = text.replace(f"@{name}@", str(value))
    into.write_text(text)
    return into


def find_program(*candidates: str) -> str | None:
    """The first runnable candidate: a path, or a name on PATH or in Debian's directories for daemons."""
    directories = [*os.environ.get("PATH", "").split(":"), "/usr/sbin"]
    for candidate in candidates:
        places = [candidate] if "/" in candidate else [os.path.join(directory, candidate) for directory in directories]
        for place in places:
            if os.access(place, os.X_OK) and os.path.isfile(place):
                return place
    return None


@dataclass(frozen=True)
class Certificate:
    """A self-signed certificate for localhost, and its key."""

    certificate: Path
    key: Path

    @classmethod
    def make(cls, directory: Path) -> "Certificate":
        """With a key on P-256, as most of the cloud's endpoints have."""
        made = cls(directory / "localhost.crt", directory / "localhost.key")
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost",
             "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", made.key, "-out", made.certificate],
            check=True, capture_output=True)
        made.key.chmod(0o600)
        return made
