"""Envoy, with a fixed header, or signing every request (AWS's way: the same hashes, other names)."""

from pathlib import Path

from ..load import CONFIGURATIONS
from ..processes import Server, free_port
from . import SHORT_TOKEN, fill, find_program

_KEYS = {"AWS_ACCESS_KEY_ID": "BENCHMARKACCESSKEY00", "AWS_SECRET_ACCESS_KEY": "benchmark-secret-key-of-forty-characters"}


def proxy(name: str, directory: Path, upstream_port: int, program: str, signs: bool = False) -> Server | None:
    executable = find_program(program)
    if executable is None:
        return None
    directory.mkdir(parents=True)
    port = free_port()
    filters = (CONFIGURATIONS / "envoy-signing.yaml").read_text() if signs else ""
    values = {"FILTERS": filters.rstrip("\n"), "PORT": port, "UPSTREAM": upstream_port, "DIRECTORY": directory, "TOKEN": SHORT_TOKEN}
    configuration = fill("envoy.yaml", directory / "envoy.yaml", values)
    command = [executable, "-c", str(configuration), "--concurrency", "1", "--disable-hot-restart", "--log-level", "warn"]
    return Server(name, command, port, directory, environment={**_KEYS, "AWS_EC2_METADATA_DISABLED": "true"})
