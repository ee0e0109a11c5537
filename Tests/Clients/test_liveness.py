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
    # As an address, and as the console's URL.
    for admin in (gateway.admin, f"http://{gateway.admin}", f"http://{gateway.admin}/"):
        alive = run(tmp_path, "health", "--live", "--admin", admin)
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
        def kinds_of(gateway) -> dict[str, list[int]]:
            """Its event loops by what they are for: a group's word and its number of threads, since the groups' own numbers differ from start to start."""
            groups = {}
            for thread in threads(gateway.pid, "NIO-"):
                groups.setdefault(Path(f"/proc/{gateway.pid}/task/{thread}/comm").read_text().rsplit("-", 1)[0], []).append(thread)
            return {f"{name.split('-')[1]} of {len(each)}": each for name, each in groups.items()}

        def are_all_there():
            """A thread has its name once it runs, which may be a moment after the start."""
            found = [kinds_of(gateway) for gateway in gateways]
            return all(one.keys() == found[0].keys() for one in found) and len(found[0]) >= 3 and found

        loops = eventually(are_all_there, "the same event loops in each")
        kinds = list(loops[0])
        assert len(kinds) <= len(gateways)

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
            for number, kind in enumerate(kinds):
                stack.enter_context(Stopped(loops[number][kind][0]))
            for number, kind in enumerate(kinds):
                eventually(lambda: is_silent(number), f"the end of the reports without {kind}", patience=60)
                ask = ("health", "--live", "--admin", gateways[number].admin)
                eventually(lambda: run(tmp_path, *ask).returncode == 1, f"a failing probe without {kind}")
        for number, kind in enumerate(kinds):
            eventually(lambda: not is_silent(number), f"a report once {kind} goes on")
            eventually(lambda: run(tmp_path, "health", "--live", "--admin", gateways[number].admin).returncode == 0, f"a probe once {kind} goes on")
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
                # As many as `net.unix.max_dgram_qlen` of any machine.
                for _ in range(100):
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
