"""Liveness of the process: the reports to orchestrators and systemd."""

import os
import signal
import socket
from contextlib import ExitStack
from pathlib import Path

import pytest

from harness import wire
from harness.commands import run
from harness.deadline import eventually
from harness.process import Gateway, configuration, serve
from harness.threads import Stopped, threads


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
        # On a busy machine several reports come before it is ready.
        while heard.count(b"WATCHDOG=1\n") < 3 or b"READY=1\n" not in heard:
            heard.append(notify.recv(100))
        gateway.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may stop a single thread of another process")
def test_each_event_loop_that_hangs_ends_the_reports_until_it_goes_on(tmp_path, upstream):
    """Of the workers, of the admin port and the sinks, of the calls to identity services: one gateway for each, side by side."""
    gateways, sockets = [], []
    try:
        for number in range(5):
            directory = tmp_path / f"gateway-{number}"
            document = configuration(directory, upstream.url)
            sockets.append(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
            sockets[-1].bind(str(directory / "notify"))
            variables = {"NOTIFY_SOCKET": str(directory / "notify"), "WATCHDOG_USEC": "400000", "HSSGW_WORKERS": "2"}
            gateways.append(serve(directory, document, variables))
        loops = [threads(gateway.pid, "NIO-") for gateway in gateways]
        assert {len(each) for each in loops} == {len(loops[0])} and len(loops[0]) >= 4, loops
        kinds = [Path(f"/proc/{gateways[0].pid}/task/{thread}/comm").read_text().rsplit("-", 1)[0] for thread in loops[0]]
        first_of_kind = [kinds.index(kind) for kind in dict.fromkeys(kinds)]
        assert len(first_of_kind) >= 3, kinds

        def is_silent(number: int) -> bool:
            """Whether no report comes for five times as long as there is between two."""
            sockets[number].settimeout(0)
            try:
                while sockets[number].recv(100):
                    pass
            except BlockingIOError:
                pass
            sockets[number].settimeout(1)
            try:
                return not sockets[number].recv(100)
            except TimeoutError:
                return True

        with ExitStack() as stack:
            for number, place in enumerate(first_of_kind):
                stack.enter_context(Stopped(loops[number][place]))
            for number, place in enumerate(first_of_kind):
                eventually(lambda: is_silent(number), f"the end of the reports without {kinds[place]}", patience=60)
                ask = ("health", "--live", "--admin", gateways[number].admin)
                eventually(lambda: run(tmp_path, *ask).returncode == 1, f"a failing probe without {kinds[place]}")
        for number, _ in enumerate(first_of_kind):
            eventually(lambda: not is_silent(number), "a report once it goes on")
            assert run(tmp_path, "health", "--live", "--admin", gateways[number].admin).returncode == 0
    finally:
        for gateway in gateways:
            gateway.stop()
        for each in sockets:
            each.close()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may see where a thread of another process waits")
def test_a_full_queue_of_systemd_holds_no_thread(tmp_path):
    path = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as others:
        notify.bind(path)
        notify.settimeout(20)
        gateway = Gateway.start(tmp_path / "gateway", ["--sandbox"], {"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "400000"})
        others.setblocking(False)

        def is_full() -> bool:
            try:
                others.sendto(b"OTHER=1\n", path)
                return False
            except BlockingIOError:
                return True

        eventually(is_full, "a full queue")
        looks = [0]

        def have_reported() -> bool:
            looks[0] += 1
            for thread in Path(f"/proc/{gateway.pid}/task").iterdir():
                try:
                    assert (thread / "wchan").read_text() != "unix_wait_for_peer", (thread / "comm").read_text()
                except (FileNotFoundError, ProcessLookupError):
                    pass
            return looks[0] > 100

        eventually(have_reported, "a hundred looks")
        while notify.recv(100) != b"WATCHDOG=1\n":
            pass
        gateway.stop()
