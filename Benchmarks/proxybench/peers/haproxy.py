"""HAProxy, forwarding only."""

from pathlib import Path

from ..processes import Server, free_port
from . import SHORT_TOKEN, fill, find_program


def proxy(name: str, directory: Path, upstream_port: int) -> Server | None:
    program = find_program("haproxy")
    if program is None:
        return None
    directory.mkdir(parents=True)
    port = free_port()
    values = {"PORT": port, "UPSTREAM": upstream_port, "TOKEN": SHORT_TOKEN}
    configuration = fill("haproxy.cfg", directory / "haproxy.cfg", values)
    return Server(name, [program, "-db", "-f", str(configuration)], port, directory)
