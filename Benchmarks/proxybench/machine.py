"""The machine and the versions of a run."""

import os
import platform
import re
import subprocess
from datetime import datetime, timezone

from .bench import Tools
from .peers import find_program


def describe(tools: Tools) -> str:
    lines = [
        f"Date: {datetime.now(timezone.utc):%Y-%m-%d %H:%M} UTC",
        f"Machine: {_processor()}, {os.cpu_count()} processors, {_memory_gib():.0f} GiB, Linux {platform.release()}, {_system()}",
        "Versions: " + ", ".join(version for version in _versions(tools) if version),
    ]
    return "\n".join(f"- {line}" for line in lines)


def _processor() -> str:
    with open("/proc/cpuinfo") as file:
        found = re.search(r"^model name\s*:\s*(.+)$", file.read(), re.M)
    return found.group(1).strip() if found else platform.machine()


def _memory_gib() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)


def _system() -> str:
    return platform.freedesktop_os_release().get("PRETTY_NAME", "unknown system")


def _versions(tools: Tools) -> list[str]:
    # Envoy's output begins with its own path.
    envoy = _first_line([tools.envoy, "--version"], 300).partition("version: ")[2]
    return [
        _first_line([tools.gateway, "--version"]), _first_line(["curl-config", "--version"]), _first_line(["nginx", "-v"]), _first_line(["haproxy", "-v"]),
        f"Envoy {envoy.split('/')[1]}" if "/" in envoy else "", _first_line(["wrk", "-v"]),
    ]


def _first_line(command: list[str], length: int = 80) -> str:
    """A program's version output, shortened; empty when it isn't installed."""
    program = find_program(command[0])
    if program is None:
        return ""
    finished = subprocess.run([program, *command[1:]], capture_output=True, text=True, timeout=10)
    lines = (finished.stdout + finished.stderr).strip().splitlines()
    return lines[0].strip()[:length] if lines else ""
