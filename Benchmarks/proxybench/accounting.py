"""A process's resources according to the kernel: CPU in nanoseconds, context switches, memory. Children are included."""

import os
import re
from dataclasses import dataclass

_TICK_SECONDS = 1 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Usage:
    """What a process tree has used since its start."""

    cpu_ns: int
    switches: int

    def since(self, earlier: "Usage") -> "Usage":
        return Usage(self.cpu_ns - earlier.cpu_ns, self.switches - earlier.switches)


def tree(pid: int) -> list[int]:
    """The process and all its descendants."""
    found = [pid]
    for task in _tasks(pid):
        children = _read(f"/proc/{pid}/task/{task}/children")
        for child in children.split():
            found += tree(int(child))
    return found


def usage(pid: int) -> Usage:
    """CPU from schedstat: time on a CPU in nanoseconds, user and kernel. The ticks of /proc/PID/stat would be too coarse."""
    cpu = switches = 0
    for process in tree(pid):
        for task in _tasks(process):
            schedstat = _read(f"/proc/{process}/task/{task}/schedstat").split()
            cpu += int(schedstat[0]) if schedstat else 0
            status = _read(f"/proc/{process}/task/{task}/status")
            switches += sum(int(n) for n in re.findall(r"^(?:non)?voluntary_ctxt_switches:\s+(\d+)", status, re.M))
    return Usage(cpu, switches)


def resident(pid: int) -> int:
    """Bytes of RAM in use, shared libraries included."""
    return sum(_status_bytes(process, "VmRSS") for process in tree(pid))


def peak_resident(pid: int) -> int:
    return sum(_status_bytes(process, "VmHWM") for process in tree(pid))


def reset_peak(pid: int) -> None:
    """Resets the peak to the present use (proc(5), clear_refs)."""
    for process in tree(pid):
        with open(f"/proc/{process}/clear_refs", "w") as file:
            file.write("5")


def machine_busy_seconds() -> float:
    """CPU seconds of all processes on the machine, and those that the hypervisor took."""
    values = [int(v) for v in _read("/proc/stat").split("\n", 1)[0].split()[1:9]]
    idle, waiting = values[3], values[4]
    return (sum(values) - idle - waiting) * _TICK_SECONDS


def _tasks(pid: int) -> list[str]:
    try:
        return os.listdir(f"/proc/{pid}/task")
    except FileNotFoundError:
        return []


def _status_bytes(pid: int, name: str) -> int:
    found = re.search(rf"^{name}:\s+(\d+) kB", _read(f"/proc/{pid}/status"), re.M)
    return int(found.group(1)) * 1024 if found else 0


def _read(path: str) -> str:
    """The file's text, or an empty one when its process has ended meanwhile."""
    try:
        with open(path) as file:
            return file.read()
    except (FileNotFoundError, ProcessLookupError):
        return ""
