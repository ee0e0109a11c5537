"""What the gateway replaces: a small service in Python that signs with the official SDK."""

from pathlib import Path

from ..load import CONFIGURATIONS
from ..processes import Server, free_port
from . import find_program


def proxy(name: str, directory: Path, upstream_port: int, python: str) -> Server | None:
    """One process, as the gateway has one worker; None where its libraries could not be installed."""
    program = find_program(python)
    if program is None:
        return None
    directory.mkdir(parents=True)
    port = free_port()
    command = [
        program, "-m", "uvicorn", "--app-dir", str(CONFIGURATIONS), "--host", "127.0.0.1", "--port", str(port), "--no-access-log",
        "--log-level", "warning", "shim:app",
    ]
    environment = {
        "SHIM_UPSTREAM": f"http://127.0.0.1:{upstream_port}", "SHIM_ACCESS_KEY": "BENCHMARKACCESSKEY00",
        "SHIM_SECRET_KEY": "benchmark-secret-key-of-forty-characters", "SHIM_LOG": str(directory / "access.log"),
    }
    return Server(name, command, port, directory, environment=environment)
