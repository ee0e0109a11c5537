"""A test's name server, and a gateway that uses only this one.

Port 53 and a `/etc/resolv.conf` for a single process need root; otherwise there is none.
"""

import contextlib
import os
import random
import shlex
import socket
import struct
import subprocess
import threading
from pathlib import Path


class NameServer:
    """Answers every query for an IPv4 address with 127.0.0.1 while `mode` is `answers`, with NXDOMAIN while it is `nobody`, else not at all."""

    def __init__(self):
        self.mode = "answers"
        self.asked: list[str] = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        # A separate loopback address: other tests may have such a server at the same time.
        self.address = f"127.{random.randrange(1, 255)}.{random.randrange(1, 255)}.{random.randrange(2, 255)}"
        self._socket.bind((self.address, 53))
        threading.Thread(target=self._serve, daemon=True).start()

    @classmethod
    def open(cls) -> "NameServer | None":
        with contextlib.suppress(OSError):
            return cls() if subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode == 0 else None
        return None

    def close(self):
        self._socket.close()

    def _serve(self):
        while True:
            try:
                question, sender = self._socket.recvfrom(4096)
            except OSError:
                return
            self.asked.append(self.name(question))
            if (answer := self._answer(question)) is not None:
                with contextlib.suppress(OSError):
                    self._socket.sendto(answer, sender)

    @staticmethod
    def name(question: bytes) -> str:
        labels, at = [], 12
        while question[at]:
            labels.append(question[at + 1 : at + 1 + question[at]].decode())
            at += 1 + question[at]
        return ".".join(labels)

    def _answer(self, question: bytes) -> bytes | None:
        if self.mode == "silent":
            return None
        end = question.index(b"\0", 12) + 5
        asks_for_ipv4 = question[end - 4 : end - 2] == b"\0\1"
        code, answers = (3, 0) if self.mode == "nobody" else (0, int(asks_for_ipv4))
        head = question[:2] + struct.pack(">HHHHH", 0x8580 | code, 1, answers, 0, 0)
        record = b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 1, 4) + bytes([127, 0, 0, 1])
        return head + question[12:end] + record * answers

    def binary(self, directory: Path) -> str:
        """A program that runs the gateway with this server as its only one."""
        directory.mkdir(parents=True, exist_ok=True)
        configuration = directory / "resolv.conf"
        configuration.write_text(f"nameserver {self.address}\noptions timeout:1 attempts:1\n")
        program = directory / "hss-gateway"
        program.write_text(
            f"#!/bin/sh\nexec unshare -m sh -c 'mount --bind \"$0\" /etc/resolv.conf && exec \"$@\"' {shlex.quote(str(configuration))} "
            f"{shlex.quote(os.environ['HSSGW_BINARY'])} \"$@\"\n")
        program.chmod(0o755)
        return str(program)
