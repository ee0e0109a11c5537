"""The end of a gateway: requests in that time are served or refused, and nothing is left behind."""

import json
import os
import socket
import ssl
import stat
import struct
import subprocess
import threading
from pathlib import Path

import pytest

from harness import http2, wire
from harness.certificates import Authority
from harness.commands import run
from harness.deadline import eventually
from harness.http2 import SETTINGS, WINDOW_UPDATE, frame, request
from harness.process import PROJECT, clean_environment, configuration, serve
from harness.upstream import answer

TARGET = f"/v5/{PROJECT}/image/baseline/risk-configs"


def test_readiness_fails_first_and_new_connections_are_served_until_the_delay_ends(start, upstream):
    gateway = start(upstream.url, lambda document: document["limits"].update(drain_delay="8s"))
    assert gateway.readiness().status == 200
    gateway.terminate()
    failing = eventually(lambda: (answer := gateway.readiness()).status == 503 and answer, "the failing probe")
    assert b"[-]draining" in failing.body
    assert gateway.call("GET", TARGET).status == 200, "a new connection"
    with wire.Connection(gateway.data) as kept:
        for _ in range(2):
            kept.send(wire.request("GET", TARGET))
            assert kept.response().status == 200
    gateway.stop()
    records = gateway.journal.check_form()
    assert records[-1].get("event") == "stop" and len([record for record in records if record["phase"] == "response"]) == 3


def test_without_a_delay_the_end_comes_at_once(start, upstream):
    gateway = start(upstream.url)
    gateway.stop()
    assert "still serving" not in gateway.log


def test_a_ready_file_of_an_earlier_run_never_speaks_for_this_one(tmp_path, start, upstream):
    gateway = start(upstream.url)
    old = gateway.ready_file.read_text()
    gateway.kill()
    assert gateway.ready_file.read_text() == old, "a killed run leaves its file"
    # The next start fails, and must not use a file of an earlier run.
    (gateway.directory / "gateway.yaml").write_text("polcy: []")
    failed = subprocess.run(gateway.command, cwd=gateway.directory, env=clean_environment(tmp_path), capture_output=True, timeout=30)
    assert failed.returncode == 3 and not gateway.ready_file.exists()


def test_the_ready_file_goes_with_the_gateway(start, upstream):
    gateway = start(upstream.url)
    gateway.stop()
    assert not gateway.ready_file.exists()


@pytest.fixture
def on_socket(tmp_path, start, upstream):
    """Starts gateways that listen on the path of one socket, each with a journal of its own."""
    path = tmp_path / "gateway.sock"

    def start_one(name: str):
        def change(document):
            document["listeners"].append({"name": "local", "unix": str(path), "mode": "0600"})

        return start(upstream.url, change, tmp_path / name)

    return path, start_one


def ask_socket(path) -> int:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(20)
        client.connect(str(path))
        client.sendall(wire.request("GET", TARGET, [("Connection", "close")]))
        return int(client.recv(4096).split()[1])


def test_a_live_socket_is_not_taken_from_its_gateway(on_socket, tmp_path):
    path, start_one = on_socket
    first = start_one("first")
    before = ask_socket(path)
    document = json.loads((first.directory / "gateway.yaml").read_text())
    document["audit"]["directory"] = str(tmp_path / "second-audit")
    (tmp_path / "second.yaml").write_text(json.dumps(document))
    command = [first.command[0], "serve", "--config", str(tmp_path / "second.yaml")]
    second = subprocess.run(command, env=clean_environment(tmp_path), capture_output=True, text=True, timeout=30)
    assert second.returncode == 5 and str(path) in second.stderr, second.stderr
    assert ask_socket(path) == before, "the first one still answers at its socket"
    first.stop()
    assert not path.exists()


@pytest.mark.parametrize("taken, told", [
    ("admin", "The admin port can't be opened at {}: Address already in use. Stop what listens there, a gateway perhaps; --admin or"),
    ("data", "The listener internal can't be opened at {}: Address already in use. Stop what listens there, a gateway perhaps; `listeners`, or"),
])
def test_a_port_that_is_taken_is_named_with_the_way_out(taken, told, start, upstream, tmp_path):
    first = start(upstream.url)
    address = getattr(first, taken)
    document = json.loads((first.directory / "gateway.yaml").read_text())
    document["audit"]["directory"] = str(tmp_path / "second-audit")
    (document["admin"] if taken == "admin" else document["listeners"][0])["address"] = address
    (tmp_path / "second.yaml").write_text(json.dumps(document))
    second = run(tmp_path, "serve", "--config", "second.yaml")
    assert second.returncode == 5 and told.format(address) in second.stderr, second.stderr


def test_the_socket_of_a_killed_gateway_is_replaced(on_socket):
    path, start_one = on_socket
    first = start_one("first")
    answer = ask_socket(path)
    first.kill()
    assert path.is_socket(), "a killed gateway leaves its file"
    second = start_one("second")
    assert ask_socket(path) == answer and stat.S_IMODE(path.stat().st_mode) == 0o600
    second.stop()


def test_only_its_own_socket_file_is_removed_at_the_end(on_socket):
    path, start_one = on_socket
    first = start_one("first")
    # The file was deleted and another process has created one there.
    path.unlink()
    other = socket.socket(socket.AF_UNIX)
    other.bind(str(path))
    other.listen()
    first.stop()
    assert path.is_socket()
    other.close()


def test_what_is_no_socket_is_left_alone(on_socket, tmp_path):
    path, start_one = on_socket
    path.write_text("somebody's file")
    with pytest.raises(AssertionError, match="ended with 3"):
        start_one("first")
    assert path.read_text() == "somebody's file"


def test_reloads_and_looks_at_the_metrics_hold_up_no_end(start, upstream):
    """Requests to workers that have ended are answered or refused; nothing waits for them."""
    gateway = start(upstream.url)
    document = json.loads((gateway.directory / "gateway.yaml").read_text())
    ended = threading.Event()

    def ask_on():
        number = 0
        while not ended.is_set():
            number += 1
            try:
                fresh = gateway.directory / f"new-{threading.get_ident()}"
                fresh.write_text(json.dumps({**document, "upstream": {"connections": 3 + number % 3}}))
                fresh.rename(gateway.directory / "gateway.yaml")
                wire.call(gateway.admin, "POST", "/-/reload", [("Content-Length", "0")])
                wire.call(gateway.admin, "GET", "/metrics")
            except (OSError, AssertionError):
                continue

    threads = [threading.Thread(target=ask_on) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        eventually(lambda: gateway.log.count("configuration reloaded") > 3, "reloads")
        gateway.stop()
    finally:
        ended.set()
        for thread in threads:
            thread.join()
    assert "event loop that has already shut down" not in gateway.log.lower()


@pytest.mark.parametrize("secure", [False, True], ids=["in the clear", "over TLS"])
def test_an_answer_that_is_being_read_outlives_the_connection_s_end(start, upstream, tmp_path, secure):
    """A client of HTTP/2 acknowledges what it has read: a socket that is closed already would answer with a reset, and the rest would be lost."""
    authority = Authority(tmp_path / "authority")
    certificate, key = authority.issue("server", "DNS:gateway.test", usage="serverAuth")
    tls = {"certificate_file": certificate, "private_key_file": key}
    gateway = start(
        upstream.url, lambda document: document["listeners"].append({"name": "secure", "address": "127.0.0.1:0", "tls": tls}))
    content = b"x" * 600_000
    upstream.handler = lambda request, connection: answer(content, fields=[("Content-Type", "application/zip")])
    plain = socket.socket()
    # Most of the answer waits at the gateway's side.
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16_384)
    plain.settimeout(20)
    plain.connect(wire.parse_address(gateway.addresses["listener.secure"] if secure else gateway.data))
    context = ssl.create_default_context(cafile=authority.certificate)
    context.set_alpn_protocols(["h2"])
    with http2.Connection.over(context.wrap_socket(plain, server_hostname="gateway.test") if secure else plain) as connection:
        connection.send(http2.PREFACE + frame(SETTINGS, 0, 0, struct.pack(">HI", 4, 1 << 30)))
        connection.send(frame(WINDOW_UPDATE, 0, 0, struct.pack(">I", 1 << 30)))
        connection.headers(1, request(b"/v5/_/download/some-file"))
        eventually(lambda: any(r["phase"] == "response" for r in gateway.journal.records()), "the record of the whole answer")
        gateway.terminate()
        # FIN_WAIT1, or gone: the gateway has sent everything.
        eventually(lambda: wire.state_at_the_gateway(connection.socket) in ("04", None), "the end of the gateway's side")
        while not connection.closed and 1 not in connection.ended:
            connection.send(frame(WINDOW_UPDATE, 0, 0, struct.pack(">I", 1)))
            connection.read()
        assert connection.status[1] == 200
        received = len(connection.bodies.get(1, b""))
        assert received == len(content)
    gateway.stop()


def without_rights(directory: Path) -> str:
    """The program as a user who is not root has it: without capabilities."""
    program = directory / "without-rights"
    program.write_text(f'#!/bin/sh\nexec setpriv --bounding-set=-all --inh-caps=-all "{os.environ["HSSGW_BINARY"]}" "$@"\n')
    program.chmod(0o755)
    return str(program)


@pytest.mark.parametrize("rights", ["root's", pytest.param("none", marks=pytest.mark.skipif(os.geteuid() != 0, reason="only root can give rights up"))])
@pytest.mark.parametrize("port, target", [("data", TARGET), ("admin", "/version")])
def test_who_has_connected_is_answered_or_sees_an_end_and_is_never_reset(upstream, port, target, rights, tmp_path):
    """Also who connects at the moment at which the gateway is told to stop: the kernel resets what waits in the queue of a listener that closes."""
    for number in range(3):
        directory = tmp_path / str(number)
        document = configuration(directory, upstream.url)
        gateway = serve(directory, document, binary=without_rights(directory) if rights == "none" else None)
        ends, isOver = [], threading.Event()

        def call():
            while not isOver.is_set():
                try:
                    connection = wire.Connection(getattr(gateway, port), timeout=20)
                except OSError:
                    return
                with connection:
                    try:
                        connection.send(wire.request("GET", target))
                        ends.append(connection.response().status)
                    except wire.Truncated as error:
                        ends.append("an end" if not error.received else repr(error))
                    except OSError as error:
                        ends.append(repr(error))

        callers = [threading.Thread(target=call) for _ in range(8)]
        for caller in callers:
            caller.start()
        try:
            eventually(lambda: len(ends) > 100, "calls before the end")
            gateway.terminate()
            assert gateway.wait() == 0
        finally:
            isOver.set()
            gateway.kill()
        for caller in callers:
            caller.join(60)
        assert set(ends) <= {200, "an end"}, [end for end in ends if end not in (200, "an end")]


def test_who_waits_for_a_full_admin_port_at_its_end_is_answered(start, upstream):
    gateway = start(upstream.url)
    idle = [wire.Connection(gateway.admin) for _ in range(64)]
    waiting = [wire.Connection(gateway.admin) for _ in range(8)]
    for connection in waiting:
        connection.send(wire.request("GET", "/version"))
    gateway.terminate()
    assert [connection.response().status for connection in waiting] == [200] * len(waiting)
    assert all(connection.is_closed() for connection in idle)
    for connection in idle + waiting:
        connection.close()
    gateway.stop()
