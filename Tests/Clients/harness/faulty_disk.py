"""A mounted file system that can be made to fail (harness/powercut.py), for as long as a test needs it."""

import ctypes.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("powercut.py")


class FaultyDisk:
    def __init__(self, mountpoint: Path):
        """Mounts, or skips the test with the missing requirement."""
        if not os.path.exists("/dev/fuse"):
            pytest.skip("needs /dev/fuse, which is not on this machine")
        if ctypes.util.find_library("fuse") is None:
            pytest.skip("needs libfuse.so.2 (Debian's libfuse2)")
        mountpoint.mkdir()
        self.path = mountpoint
        # A file instead of a pipe, which would fill up and stop the file system.
        complaints = mountpoint.with_name(mountpoint.name + "-stderr")
        with open(complaints, "wb") as log:
            self.process = subprocess.Popen([sys.executable, PROGRAM, mountpoint], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True)
        if self.process.stdout.readline() != "ready\n":
            pytest.skip(f"a file system of a process can't be mounted here: {complaints.read_text().strip()}")

    def tell(self, command: str) -> str:
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().strip()
        assert answer.startswith("ok"), f"{command}: {answer}"
        return answer

    def close(self):
        subprocess.run(["umount", "--lazy", self.path], check=False, capture_output=True)
        self.process.terminate()
        self.process.wait(60)
