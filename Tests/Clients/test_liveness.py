"""Liveness of the process: the reports to orchestrators and systemd."""

import os
import signal
import socket

from harness import wire
from harness.commands import run
from harness.process import Gateway


def test_live_is_asked_apart_from_ready(gateway, tmp_path):
    alive = run(tmp_path, "health", "--live", "--admin", gateway.admin)
    assert alive.returncode == 0, alive.stderr
    assert wire.call(gateway.admin, "GET", "/livez?verbose").body.decode().count("ok") >= 2
    os.kill(gateway.pid, signal.SIGSTOP)
    try:
        assert run(tmp_path, "health", "--live", "--admin", gateway.admin).returncode == 1, "a stopped process doesn't live"
    finally:
        os.kill(gateway.pid, signal.SIGCONT)
    assert run(tmp_path, "health", "--live", "--admin", gateway.admin).returncode == 0


def test_systemd_hears_of_it_as_often_as_it_wants(tmp_path):
    path = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
        notify.bind(path)
        notify.settimeout(20)
        gateway = Gateway.start(tmp_path / "gateway", ["--sandbox"], {"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "400000"})
        heard = []
        while heard.count(b"WATCHDOG=1\n") < 3:
            heard.append(notify.recv(100))
        assert b"READY=1\n" in heard
        gateway.stop()
