"""Stops single threads of another process, as a hanging system call or an endless loop would: ptrace(2), for which a test must be root."""

import ctypes
import os
from pathlib import Path

_SEIZE, _INTERRUPT, _DETACH, _WAIT_FOR_THREADS = 0x4206, 0x4207, 17, 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)
_libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
_libc.ptrace.restype = ctypes.c_long


def threads(process: int, name: str) -> list[int]:
    """Threads whose name begins so, the oldest first."""
    return sorted(int(task.name) for task in Path(f"/proc/{process}/task").iterdir() if _name(task).startswith(name))


def _name(task: Path) -> str:
    try:
        return (task / "comm").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""  # the thread has just ended


class Stopped:
    """A thread that doesn't run inside the `with` block. To be entered and left by the same thread of the test."""

    def __init__(self, thread: int):
        self.thread = thread

    def __enter__(self):
        self._do(_SEIZE)
        self._do(_INTERRUPT)
        os.waitpid(self.thread, _WAIT_FOR_THREADS)
        return self

    def __exit__(self, *_):
        try:
            self._do(_DETACH)
        except ProcessLookupError:
            # The process has ended, and is waited for only when its tracer has taken note of each thread's end.
            os.waitpid(self.thread, _WAIT_FOR_THREADS)

    def _do(self, request: int):
        if _libc.ptrace(request, self.thread, None, None) != 0:
            error = ctypes.get_errno()
            raise OSError(error, os.strerror(error))
