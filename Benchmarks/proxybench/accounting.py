"""What the kernel says a process used: CPU in nanoseconds, context switches, memory. Children are included."""

import os
import re
from dataclasses import dataclass

_TICK_SECONDS = 1 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Usage:
    """What a process tree has used since it began."""

    cpu_ns: int
    switches: int

    def since(self, earlier: "Usage") -> "Usage":
        return Usage(self.cpu_ns - earlier.cpu_ns, self.switches - earlier.switches)


def tree(pid: int) -> list[int]:
    """The process and all that descend from it."""
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
    """Makes the peak begin anew at what is in use now (proc(5), clear_refs)."""
    for process in tree(pid):
        with open(f"/proc/{process}/clear_refs", "w") as file:
            file.write("5")


def machine_busy_seconds() -> float:
    """CPU seconds that were used on the whole machine, by anybody, and those that the hypervisor took."""
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
    """The file's text, or nothing when its process has ended meanwhile."""
    try:
        with open(path) as file:
            return file.read()
    except (FileNotFoundError, ProcessLookupError):
        return ""
