"""Identical reads share one call; every caller keeps a record of its own."""

import json
import struct
import threading

import pytest

from harness import http2, wire
from harness.deadline import eventually
from harness.process import configuration, serve
from harness.upstream import Upstream, answer

POLL = "/v5/_/export-task/task-1"
LIST = "/v5/_/vulnerability/vulnerabilities"


class Held:
    """An upstream that answers when the test lets it."""

    def __init__(self):
        self.upstream = Upstream()
        self.gate = threading.Event()
        self.body = b'{"task_id":"task-1","task_status":"success","file_id":"file-1"}'
        self.status = 200
        self.upstream.handler = self.handle

    def handle(self, request, connection):
        assert self.gate.wait(30)
        return answer(self.body, self.status)

    @property
    def calls(self) -> int:
        return len(self.upstream.requests)


@pytest.fixture()
def held():
    held = Held()
    yield held
    held.gate.set()
    held.upstream.close()


@pytest.fixture()
def gateway(held, tmp_path):
    running = []

    def start(coalesce=None):
        document = configuration(tmp_path, held.upstream.url)
        if coalesce is not None:
            document["upstream"]["coalesce"] = coalesce
        running.append(serve(tmp_path, document, {"HSSGW_WORKERS": "2"}))
        return running[-1]

    yield start
    held.gate.set()
    for process in running:
        process.stop()
        process.journal.check_form()


def ask(gateway, target, count):
    """Sends requests on connections of their own; the answers are read by `answers`."""
    connections = [wire.Connection(gateway.data) for _ in range(count)]
    for connection in connections:
        connection.send(wire.request("GET", target))
    return connections


def answers(connections):
    responses = []
    for connection in connections:
        with connection:
            responses.append(connection.response())
    return responses


def active(gateway, count):
    eventually(lambda: f"http_server_active_requests {count}\n" in gateway.metrics(), f"{count} requests under way")


def test_the_same_poll_in_flight_is_one_call(gateway, held):
    running = gateway()
    connections = ask(running, POLL, 12)
    active(running, 12)
    held.upstream.wait_for(1)
    held.gate.set()
    responses = answers(connections)
    assert [r.status for r in responses] == [200] * 12
    assert {r.body for r in responses} == {held.body}
    assert held.calls == 1
    records = [running.journal.closing(r.value("Audit-Id")) for r in responses]
    assert len({record["id"] for record in records}) == 12
    leaders = [record for record in records if "coalesced" not in record.get("detail", {})]
    assert len(leaders) == 1
    for record in records:
        assert record["export"] == {"task_id": "task-1", "file_id": "file-1"}
        if record is not leaders[0]:
            assert record["detail"]["coalesced"]["with"] == leaders[0]["id"]
            assert record["upstream"]["attempts"] == 0 and record["source"] == "upstream"
    assert 'hssgw_coalesced_total{operation="ListQueryExportTask",how="in_flight"} 11' in running.metrics()


def test_a_poll_may_be_answered_from_a_moment_ago_and_another_task_may_not(gateway, held):
    held.gate.set()
    running = gateway({"polls": "1h"})
    first, second = running.call("GET", POLL), running.call("GET", POLL)
    assert (first.body, held.calls) == (second.body, 1)
    assert running.journal.closing(second.value("Audit-Id"))["detail"]["coalesced"]["how"] == "recent"
    running.call("GET", POLL + "2")
    running.call("GET", POLL + "?enterprise_project_id=other")
    assert held.calls == 3


def test_an_answer_of_another_endpoint_is_not_given_after_a_reload(gateway, held, tmp_path):
    held.gate.set()
    running = gateway({"polls": "1h"})
    assert running.call("GET", POLL).json["file_id"] == "file-1"
    moved = Upstream()
    moved.handler = lambda request, connection: answer(b'{"task_id":"task-1","task_status":"success","file_id":"file-2"}')
    document = configuration(tmp_path, moved.url)
    document["upstream"]["coalesce"] = {"polls": "1h"}
    (tmp_path / "gateway.yaml").write_text(json.dumps(document))
    assert wire.call(running.admin, "POST", "/-/reload", [("Content-Length", "0")]).status == 200
    assert running.call("GET", POLL).json["file_id"] == "file-2"
    moved.close()


def test_a_failure_is_not_kept(gateway, held):
    held.gate.set()
    held.status, held.body = 500, b'{"error_code":"HSS.0041","error_msg":"no"}'
    running = gateway({"polls": "1h"})
    assert [running.call("GET", POLL).status for _ in range(2)] == [500, 500]
    assert held.calls == 2


def test_a_leader_that_hangs_up_breaks_nobody(gateway, held):
    running = gateway()
    leader = ask(running, POLL, 1)[0]
    held.upstream.wait_for(1)
    followers = ask(running, POLL, 5)
    active(running, 6)
    leader.close()
    held.upstream.wait_for(2)
    held.gate.set()
    assert [r.status for r in answers(followers)] == [200] * 5
    assert held.calls == 2


@pytest.mark.parametrize(("size", "calls"), [(100 << 10, 1), (300 << 10, 3)])
def test_nobody_waits_for_a_leader_that_does_not_read(gateway, held, size, calls):
    held.body = b'{"x":"' + b"a" * size + b'"}'
    running = gateway()
    with http2.Connection(running.data, settings=struct.pack(">HI", 4, 0)) as leader:
        leader.headers(1, http2.request(POLL.encode()))
        held.upstream.wait_for(1)
        followers = ask(running, POLL, 2)
        active(running, 3)
        held.gate.set()
        assert [r.body for r in answers(followers)] == [held.body] * 2
        assert held.calls == calls
        leader.send(http2.frame(http2.WINDOW_UPDATE, 0, 1, struct.pack(">I", 1 << 20)))
        leader.until_done(1)
        assert leader.bodies[1] == held.body


def test_an_answer_too_long_to_hold_gives_everybody_a_call_of_its_own(gateway, held):
    held.body = b'{"x":"' + b"a" * (300 << 10) + b'"}'
    running = gateway()
    connections = ask(running, POLL, 3)
    active(running, 3)
    held.gate.set()
    responses = answers(connections)
    assert [r.body for r in responses] == [held.body] * 3
    assert held.calls == 3


def test_other_reads_are_shared_only_where_that_is_written_down(gateway, held):
    running = gateway()
    connections = ask(running, LIST, 2)
    # Two: that many requests may be under way with an unproven key.
    held.upstream.wait_for(2)
    held.gate.set()
    answers(connections)


def test_written_down_other_reads_in_flight_share_a_call(gateway, held):
    running = gateway({"polls": "2s"})
    connections = ask(running, LIST, 3)
    active(running, 3)
    held.gate.set()
    assert [r.status for r in answers(connections)] == [200] * 3
    assert held.calls == 1
    # Their answers are not cached.
    running.call("GET", LIST)
    assert held.calls == 2


def test_off_shares_nothing(gateway, held):
    running = gateway("off")
    connections = ask(running, POLL, 2)
    # Two: that many requests may be under way with an unproven key.
    held.upstream.wait_for(2)
    held.gate.set()
    answers(connections)
