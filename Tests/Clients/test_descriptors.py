"""Descriptors run out: each port keeps its share, no thread spins, and existing connections are served."""

import os
import resource
import socket
import time
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from harness import wire
from harness.deadline import eventually
from harness.process import PROJECT, configuration, serve
from harness.threads import Stopped, threads

LIST = f"/v5/{PROJECT}/host-management/hosts?limit=10"
LIMIT = 256

# The files of a process that can't be traced are shown to root alone.
only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may see another process' files")


@pytest.fixture
def gateway(sandbox, tmp_path):
    gateway = serve(tmp_path, configuration(tmp_path, sandbox.url), {"HSSGW_WORKERS": "2"}, descriptors=LIMIT)
    yield gateway
    gateway.stop()
    gateway.journal.check_form()


def open_many(stack: ExitStack, address: str, count: int) -> list[socket.socket]:
    """As many connections as the kernel accepts or queues."""
    opened = []
    for _ in range(count):
        one = stack.enter_context(socket.socket())
        one.settimeout(1)
        try:
            one.connect(wire.parse_address(address))
        except OSError:
            break
        opened.append(one)
    return opened


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def busy_share(pid: int) -> float:
    """CPU time used in each second that passes."""
    begun, used = time.monotonic(), cpu_seconds(pid)
    time.sleep(1)
    return (cpu_seconds(pid) - used) / (time.monotonic() - begun)


def descriptors(pid: int) -> set[int]:
    return {int(entry.name) for entry in Path(f"/proc/{pid}/fd").iterdir()}


def allow_nothing_more(pid: int):
    """The limit is one for numbers, and there may be gaps: it is lowered to the first number that is free."""
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (min(set(range(LIMIT)) - descriptors(pid)), LIMIT))


@only_root
@pytest.mark.parametrize("crowded", ["admin", "data"])
def test_a_crowd_at_one_port_takes_nothing_from_the_other(gateway, crowded):
    with ExitStack() as stack:
        there = stack.enter_context(wire.Connection(gateway.data))
        there.send(wire.request("GET", LIST))
        assert there.response().status == 200
        assert len(open_many(stack, gateway.addresses[crowded], 2 * LIMIT)) > LIMIT / 2
        # It has work to do at first, on a slow machine for more than a second.
        eventually(lambda: busy_share(gateway.pid) < 0.5, "an end of the work, unless accepting spins")
        assert len(descriptors(gateway.pid)) < LIMIT - 10, "the journal and HSS keep their share"
        there.send(wire.request("GET", LIST))
        assert there.response().status == 200, "who is there is served on"
        other = "data" if crowded == "admin" else "admin"
        target = LIST if other == "data" else "/livez"
        assert wire.call(gateway.addresses[other], "GET", target).status == 200
    eventually(lambda: wire.call(gateway.data, "GET", LIST).status == 200, "service as before")
    assert wire.call(gateway.admin, "GET", "/livez").status == 200


@only_root
def test_a_process_that_may_open_nothing_more_neither_ends_nor_spins(gateway):
    """Beyond all shares: the limit itself is lowered."""
    assert gateway.call("GET", LIST).status == 200
    allow_nothing_more(gateway.pid)
    with ExitStack() as stack:
        for port in ("data", "admin"):
            for one in open_many(stack, gateway.addresses[port], 20):
                one.sendall(wire.request("GET", LIST if port == "data" else "/metrics"))
        eventually(lambda: busy_share(gateway.pid) < 0.5, "an end of the work, unless accepting spins")
    resource.prlimit(gateway.pid, resource.RLIMIT_NOFILE, (LIMIT, LIMIT))
    eventually(lambda: gateway.call("GET", LIST).status == 200, "service as before")
    eventually(lambda: "out of descriptors" in gateway.log, "the line")
    assert wire.call(gateway.admin, "GET", "/livez").status == 200


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may stop a single thread of another process")
def test_the_runtime_can_count_its_threads_when_nothing_more_may_be_opened(gateway):
    """libdispatch does so once a second while work waits, from files of /proc, and would end the process without them. It adds a thread when none
    that it counts runs: more than one for each processor are a sign that it has counted."""
    allow_nothing_more(gateway.pid)
    with ExitStack() as stack:
        def stop_new() -> int:
            """The threads of the pool, and those that they have begun, have its name."""
            new = set(threads(gateway.pid, "oot.default-qos")) - stopped
            for thread in new:
                with suppress(ProcessLookupError):  # it has just ended
                    stack.enter_context(Stopped(thread))
            stopped.update(new)
            return len(stopped)

        stopped: set[int] = set()
        at_first = stop_new()
        # What timers begin waits for a thread from now on.
        eventually(lambda: stop_new() > at_first + len(os.sched_getaffinity(gateway.pid)), "threads beyond one for each processor")
    resource.prlimit(gateway.pid, resource.RLIMIT_NOFILE, (LIMIT, LIMIT))
    eventually(lambda: gateway.call("GET", LIST).status == 200, "service as before")


def test_those_who_wait_for_news_leave_the_admin_port_to_others(gateway):
    """Each of them may wait for twenty seconds; as many connections as are open may all be theirs."""
    newest = wire.call(gateway.admin, "GET", "/audit/exchanges?limit=1").json["newest_cursor"]
    tail = wire.request("GET", f"/audit/exchanges?after={newest}&wait=60s", host="localhost")
    with ExitStack() as stack:
        for one in open_many(stack, gateway.admin, 40):
            one.sendall(tail)
        for _ in range(3):
            assert wire.call(gateway.admin, "GET", "/livez", timeout=20).status == 200
    # Who has left waits no more: the next one finds a place.
    eventually(lambda: wire.call(gateway.admin, "GET", f"/audit/exchanges?after={newest}&wait=0s").status == 200, "a place for one who waits")


def test_who_asks_for_news_and_sends_nothing_more_is_answered_at_once(gateway):
    newest = wire.call(gateway.admin, "GET", "/audit/exchanges?limit=1").json["newest_cursor"]
    with wire.Connection(gateway.admin) as connection:
        connection.send(wire.request("GET", f"/audit/exchanges?after={newest}&wait=60s", host="localhost"))
        connection.socket.shutdown(socket.SHUT_WR)
        assert connection.response().json["exchanges"] == []


@pytest.mark.parametrize("limit", [5, 16, 24, 32, 60, 127])
def test_a_process_that_may_open_too_little_for_itself_is_not_begun(sandbox, tmp_path, limit):
    """The runtime ends a process that can't open any file, whatever the program does."""
    with pytest.raises(AssertionError, match=f"ended with 3:(?s:.)*may open {limit} files and needs (32|128) at least"):
        serve(tmp_path, configuration(tmp_path, sandbox.url), descriptors=limit)


def test_the_log_says_that_fewer_are_served_than_configured(gateway):
    eventually(lambda: "fewer connections than configured" in gateway.log, "the line")
