"""492 hostile requests over HTTP/1.1, over TLS and over HTTP/2: checked by what the caller gets and by what reaches a strict upstream."""

import socket
import ssl
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from harness import corpus, http2, wire
from harness.certificates import Authority
from harness.corpus import Case, StrictUpstream
from harness.deadline import eventually
from harness.duplex import Duplex
from harness.process import Gateway, serve, write_secret

PROJECT = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
ENTERPRISE_PROJECT = "11111111-1111-4111-8111-111111111111"
CANARY = f"/v5/{PROJECT}/host-management/hosts?limit=10"
#: Gateways in parallel; each has its own upstream, so that the results of a case are known.
LANES = 4
#: Seconds: for a whole case, which is longer than any limit of the gateway here, and without new data when everything expected has come.
PATIENCE, QUIET = 6.0, 0.04


class Lane:
    """A gateway, its upstream, and the results of its cases."""

    def __init__(self, directory: Path, tls: dict | None, context: ssl.SSLContext | None):
        self.context = context
        self.upstream = StrictUpstream()
        self.gateway: Gateway = serve(directory, document(directory, self.upstream.address, tls))
        self.report: list[str] = []
        self.faulty: list[str] = []

    def close(self):
        try:
            self.gateway.stop()
        finally:
            self.gateway.kill()
            self.upstream.close()

    def connect(self) -> socket.socket | Duplex:
        connection = socket.create_connection(wire.parse_address(self.gateway.data), timeout=PATIENCE)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return Duplex(connection, self.context, "gw.test") if self.context else connection

    def run(self, case: Case, is_http2: bool):
        self.upstream.begin()
        try:
            came, faults = self.over_http2(case) if is_http2 else self.over_http1(case)
        except OSError as error:
            came, faults = repr(error), ["the gateway takes no connection"]
        # Requests of a case continue after its connection's end; their results belong to it.
        if is_http2 or case.most_upstream:
            eventually(lambda: "\nhttp_server_active_requests 0\n" in self.gateway.metrics(), "the end of every stream")
        forwarded = self.upstream.end(QUIET)
        faults += corpus.judge_forwarded(case, forwarded)
        came += f", {sum(request.is_whole for request in forwarded)} at HSS"
        if faults or case.expect.get("abuse"):
            faults += self.canary(is_http2)
        expected = f"{case.outcome} {'/'.join(map(str, case.expect.get('statuses', [])))}".strip()
        line = f"{case.id} ({case.why}): expected {expected}, at most {case.most_upstream} at HSS; came {came}"
        self.report.append(line)
        if faults:
            self.faulty.append(f"{line}: {'; '.join(dict.fromkeys(faults))}")

    def over_http1(self, case: Case) -> tuple[str, list[str]]:
        with self.connect() as connection:
            data, closed, is_silent = corpus.exchange(case, connection, PATIENCE, QUIET)
        statuses = [status for status, _ in corpus.Answers.of(data, case.head_responses).final]
        return f"{statuses}{' and a close' if closed else ''}", corpus.judge_answers(case, data, closed, is_silent)

    def over_http2(self, case: Case) -> tuple[str, list[str]]:
        with http2.Connection(self.gateway.data, self.context, greets=False) as connection:
            corpus.exchange_streams(case, connection, PATIENCE, QUIET)
        came = f"{list(connection.status.values())[:5]}, {len(connection.resets)} resets, GOAWAY {connection.goaway}"
        return came, corpus.judge_streams(case, connection)

    def canary(self, is_http2: bool) -> list[str]:
        """Whether another caller is still served."""
        if is_http2:
            with http2.Connection(self.gateway.data, self.context) as connection:
                connection.headers(1, http2.request(CANARY.encode(), authority=b"gw.test"))
                connection.until_done(1)
                status = connection.status.get(1)
        else:
            with wire.Connection.over(self.connect()) as connection:
                connection.send(wire.request("GET", CANARY, host="gw.test"))
                status = connection.response().status
        return [] if status == 200 else [f"somebody else is answered with {status}"]


def document(directory: Path, upstream: str, tls: dict | None) -> dict:
    """The only caller may do what the corpora's valid requests need, in one project and enterprise project, and nothing else."""
    directory.mkdir(parents=True)
    token = write_secret(directory / "token", corpus.TOKEN)
    return {
        "listeners": [{"name": "internal", "address": "127.0.0.1:0", "hosts": ["gw.test"]} | ({"tls": tls} if tls else {})],
        "admin": {"address": "127.0.0.1:0"},
        "upstream": {"flow_control": "off", "coalesce": "off", "retry": {"attempts": 1}, "first_byte_timeout": "5s"},
        "regions": {"cn-north-4": {"hss": f"http://{upstream}", "iam": "http://127.0.0.1:9"}},
        "credentials": [{"name": "token", "type": "token", "token_file": token}],
        "projects": [
            {"name": "prod", "id": PROJECT, "region": "cn-north-4", "credential": "token", "enterprise_project_id": ENTERPRISE_PROJECT}],
        "callers": [{
            "name": "team", "authenticate": {"cidr": ["127.0.0.0/8"]}, "projects": ["prod"],
            "enterprise_projects": {"default": ENTERPRISE_PROJECT, "allowed": [ENTERPRISE_PROJECT]}}],
        "policy": [{"name": "some", "callers": ["*"], "operations": ["ListHostStatus", "AddHostsGroup"], "action": "allow"}],
        "audit": {"directory": "./audit"},
        # Shorter than a case's patience: slow ones must get their error.
        "limits": {"header_timeout": "2s", "idle_timeout": "2s", "request_body": "10MiB"},
    }


@pytest.mark.parametrize("name, is_encrypted", [("http1", False), ("http1", True), ("http2", False), ("http2", True)])
def test_every_hostile_request_ends_as_it_should_and_nothing_of_it_reaches_hss(name, is_encrypted, tmp_path):
    tls = context = None
    if is_encrypted:
        authority = Authority(tmp_path / "authority")
        certificate, key = authority.issue("server", "DNS:gw.test,DNS:gateway.test", usage="serverAuth")
        tls = {"certificate_file": certificate, "private_key_file": key}
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(authority.certificate)
        context.set_alpn_protocols(["h2" if name == "http2" else "http/1.1"])
    cases = corpus.read(name)
    assert len(cases) == {"http1": 417, "http2": 75}[name]
    # The longest first, so that no lane ends with one of them.
    left = sorted(cases, key=lambda case: "stall" in case.id or bool(case.send) or case.outcome == "close")
    lock = threading.Lock()
    lanes = [Lane(tmp_path / f"lane-{number}", tls, context) for number in range(LANES)]

    def work(lane: Lane):
        while True:
            with lock:
                if not left:
                    return
                case = left.pop()
            lane.run(case, is_http2=name == "http2")

    threads = [threading.Thread(target=work, args=(lane,)) for lane in lanes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    faulty = [line for lane in lanes for line in lane.faulty]
    print("\n".join(sorted(line for lane in lanes for line in lane.report)))
    assert sum(len(lane.report) for lane in lanes) == len(cases)
    assert not faulty, f"{len(faulty)} of {len(cases)}:\n" + "\n".join(faulty)
    for lane in lanes:
        lane.close()
        lane.gateway.journal.check_form()


#: Refusals because of the form alone. The reasons of other refusals (projects, policy, HSS's paths and queries) don't exist on the admin port.
FORM = {400, 408, 413, 414, 431, 501, 505}
ABOUT_HSS = ("credential/", "tenancy/", "path/", "target-form/raw", "target-form/pct", "target-form/fragment")


def for_admin(case: Case) -> Case:
    """The same bytes with paths of the admin port. They have the same length, so that framing is unchanged: slashes at the end don't matter there."""
    raw = case.raw
    for path, ours in ((CANARY.partition("?")[0], "/livez"), (f"/v5/{PROJECT}/host-management/groups", "/explain")):
        raw = raw.replace(path.encode(), ours.ljust(len(path), "/").encode())
    return replace(case, raw=raw)


def judge_admin(case: Case, data: bytes, closed: bool, is_silent: bool) -> list[str]:
    statuses = [status for status, _ in corpus.Answers.of(data, case.head_responses).final]
    faults = [f"a fault of ours: {statuses}"] if any(status >= 500 for status in statuses) else []
    if len(statuses) > case.expect.get("max_responses", 1):
        faults.append(f"{len(statuses)} answers: {statuses}")
    if case.outcome == "reject" and set(case.expect.get("statuses", [400])) <= FORM and not case.id.startswith(ABOUT_HSS):
        faults += corpus.judge_answers(case, data, closed, is_silent)
    elif case.outcome == "accept" and len(statuses) < case.expect.get("min_responses", 1):
        faults.append(f"answered with {statuses}")
    elif case.outcome == "close":
        faults += corpus.judge_answers(case, data, closed, is_silent)
    return faults


def test_the_admin_port_reads_as_strictly_and_outlives_every_hostile_request(tmp_path):
    """Nothing in it is about HSS there: malformed requests are refused in the same way, well-formed ones are answered, and an internal fault is
    never allowed."""
    settings = document(tmp_path / "gateway", "127.0.0.1:9", None)
    # With a token it doesn't check the host of a request.
    settings["admin"]["token_file"] = write_secret(tmp_path / "gateway" / "admin-token", "t" * 40)
    gateway = serve(tmp_path / "gateway", settings)
    address, left, faulty, lock = wire.parse_address(gateway.admin), [for_admin(case) for case in corpus.read("http1")], [], threading.Lock()
    # Slow ones wait for the port's own timeout, which is longer than any other.
    left.sort(key=lambda case: bool(case.send) or case.outcome == "close")

    def work():
        while True:
            with lock:
                if not left:
                    return
                case = left.pop()
            try:
                with socket.create_connection(address, timeout=PATIENCE) as connection:
                    data, closed, is_silent = corpus.exchange(case, connection, 2 * PATIENCE + 2, QUIET)
                faults = judge_admin(case, data, closed, is_silent)
                if faults or case.expect.get("abuse"):
                    faults += [] if wire.call(gateway.admin, "GET", "/livez").status == 200 else ["somebody else is not answered"]
            except OSError as error:
                data, faults = b"", [repr(error)]
            if faults:
                with lock:
                    faulty.append(f"{case.id} ({case.why}): {'; '.join(faults)}; came {data[:120]!r}")

    threads = [threading.Thread(target=work) for _ in range(4 * LANES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faulty, f"{len(faulty)}:\n" + "\n".join(sorted(faulty))
    assert wire.call(gateway.admin, "GET", "/livez").status == 200
    gateway.stop()


def test_the_judge_notices_what_must_not_be():
    """A proxy that passes everything on, as seen by an upstream and a caller."""
    upstream = StrictUpstream()
    cases = {case.id: case for case in corpus.read("http1")}
    missed = []
    for case in [case for case in cases.values() if case.outcome == "reject" and not case.send][:40]:
        upstream.begin()
        with socket.create_connection(wire.parse_address(upstream.address), timeout=PATIENCE) as connection:
            data, closed, is_silent = corpus.exchange(case, connection, 0.2, QUIET)
        faults = corpus.judge_forwarded(case, upstream.end(QUIET)) + corpus.judge_answers(case, data, closed, is_silent)
        if not faults:
            missed.append(case.id)
    upstream.close()
    assert missed == []
