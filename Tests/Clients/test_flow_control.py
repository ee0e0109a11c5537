"""Sharing HSS's quota: with the sandbox, whose clock and quota the test sets, so that no test waits for a minute."""

import re
import threading
import time

import pytest

from harness import wire
from harness.deadline import eventually
from harness.process import Sandbox, configuration, serve

LIST = "/v5/_/vulnerability/vulnerabilities"
EXPORT = "/v5/_/image/baseline/export"
JSON = [("Content-Type", "application/json")]


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    process = Sandbox(tmp_path_factory.mktemp("sandbox"))
    yield process
    process.stop()


def set_quota(sandbox, **rule):
    response = wire.call_json(sandbox.addresses["iam"], "POST", "/sandbox/throttle", rule)
    assert response.status == 200, response.body


@pytest.fixture()
def gateway(sandbox, tmp_path):
    """Starts a gateway with flow control before the sandbox, and stops it."""
    running = []

    def start(flow_control, **upstream):
        wire.call(sandbox.addresses["iam"], "POST", "/sandbox/reset")
        document = configuration(tmp_path, sandbox.url)
        document["upstream"] = {"flow_control": flow_control, "coalesce": "off", **upstream}
        document["callers"] = [
            {"name": f"team-{n}", "authenticate": {"cidr": [f"127.0.1.{n}/32"]}, "projects": ["prod"]} for n in range(1, 21)
        ] + [{"name": "team", "authenticate": {"cidr": ["127.0.0.1/32"]}, "projects": ["prod"]}]
        running.append(serve(tmp_path, document))
        return running[-1]

    yield start
    for process in running:
        process.stop()
        process.journal.check_form()


def all_at_once(calls):
    """Runs the calls in separate threads and returns their results in order."""
    results = [None] * len(calls)

    def run(index, call):
        results[index] = call()

    threads = [threading.Thread(target=run, args=(index, call)) for index, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert None not in results
    return results


def upstream_statuses(sandbox):
    return [entry["status"] for entry in sandbox.ledger.entries()]


def test_a_written_pace_is_kept_and_nobody_sees_a_429_of_hss(gateway, sandbox):
    running = gateway({"per_operation": "5/s", "per_api": "600/min", "max_wait": "30s", "queue": 100})
    set_quota(sandbox, limit=5, seconds=1, sliding=True)
    responses = all_at_once([lambda: running.call("GET", LIST)] * 20)
    assert [response.status for response in responses] == [200] * 20
    # On a machine that delays a call longer than the pace allows for, HSS may refuse one; it is sent again.
    assert upstream_statuses(sandbox).count(200) == 20
    waits = [running.journal.closing(r.value("Audit-Id")).get("detail", {}).get("waited_us", 0) for r in responses]
    # Five leave at once; the rest waits, except those that such a machine delivers late. A call that is sent again has waited
    # twice.
    waited = sum(wait > 0 for wait in waits)
    assert 5 <= waited <= 20 and max(waits) > 1_000_000
    metrics = running.metrics()
    counted = int(re.search(r'hssgw_flow_wait_seconds_count\{operation="ListVulnerabilities"\} (\d+)', metrics)[1])
    outlived = re.search(r'hssgw_flow_outlived_turns_total\{operation="ListVulnerabilities"\} (\d+)', metrics)
    # Once for each wait: who is thrown back, or whose turn such a machine let pass, may wait again.
    assert waited <= counted <= waited + upstream_statuses(sandbox).count(429) + (int(outlived[1]) if outlived else 0)
    assert "hssgw_flow_waiting 0" in metrics


def test_adaptive_holds_nothing_back_until_hss_does_and_then_keeps_its_pace(gateway, sandbox):
    running = gateway("adaptive")
    set_quota(sandbox, limit=5, seconds=1, sliding=True)
    responses = all_at_once([lambda: running.call("GET", LIST)] * 20)
    assert [response.status for response in responses] == [200] * 20
    throttled = upstream_statuses(sandbox).count(429)
    assert throttled >= 1
    attempts = [running.journal.closing(r.value("Audit-Id"))["upstream"]["attempts"] for r in responses]
    assert sum(attempts) == 20 + throttled
    assert 'hssgw_flow_quota_per_minute{operation="ListVulnerabilities",credential="keys"} 300' in running.metrics()


def test_nineteen_quiet_teams_do_not_stand_behind_everything_that_a_noisy_one_sent_first(gateway, sandbox):
    running = gateway({"per_operation": "10/s", "per_api": "6000/min", "max_wait": "2m", "queue": 200})
    set_quota(sandbox, limit=10, seconds=1, sliding=True)

    def ask(team: int):
        connection = wire.Connection(running.data, timeout=120, source=f"127.0.1.{team}")
        connection.send(wire.request("GET", f"{LIST}?limit={team}"))
        return connection

    asked = [ask(1) for _ in range(60)]
    # All of them have arrived: those that HSS has got, and those that wait.
    eventually(lambda: waiting(running) + len(upstream_statuses(sandbox)) >= 60, "the noisy team's requests")
    asked += [ask(team) for team in range(2, 21)]
    for connection in asked:
        with connection:
            assert connection.response().status == 200, "nobody is refused, and nobody sees a 429 of HSS"
    served = [int(re.search(r"[?&]limit=(\d+)", entry["target"])[1]) for entry in sandbox.ledger.entries() if entry["status"] == 200]
    assert sorted(served) == [1] * 60 + list(range(2, 21))
    # In a plain queue the noisy team would be done before the first of the others.
    last_of_the_quiet = max(index for index, team in enumerate(served) if team != 1)
    assert served[last_of_the_quiet:].count(1) > 0, served


def waiting(gateway) -> int:
    return int(re.search(r"^hssgw_flow_waiting (\d+)$", gateway.metrics(), re.M)[1])


def test_an_export_that_hss_threw_back_leaves_again_with_its_body(gateway, sandbox):
    running = gateway("adaptive")
    set_quota(sandbox, limit=1, seconds=1, sliding=True)
    responses = all_at_once([lambda: running.call("POST", EXPORT, JSON, b'{"export_size": 3}')] * 3)
    assert [response.status for response in responses] == [200] * 3
    assert len({response.json["task_id"] for response in responses}) == 3
    bodies = [entry["body"] for entry in sandbox.ledger.entries() if entry["status"] == 200]
    assert bodies == ['{"export_size": 3}'] * 3


def test_who_would_wait_too_long_is_told_at_once_when_its_turn_comes(gateway, sandbox):
    running = gateway({"per_operation": "2/min", "max_wait": "10s"})
    began = time.monotonic()
    assert [running.call("GET", LIST).status for _ in range(2)] == [200, 200]
    refused = running.call("GET", LIST)
    assert (refused.status, refused.error_code) == (429, "HSSGW.4290")
    # A minute after the first, rounded down; the first left after the test began.
    assert 59 - (time.monotonic() - began) <= int(refused.value("Retry-After")) <= 61
    record = running.journal.closing(refused.value("Audit-Id"))
    assert (record["phase"], record["outcome"]) == ("refusal", "refused")
    # Another operation has a quota of its own.
    assert running.call("POST", EXPORT, JSON, b"{}").status == 200


def test_a_full_queue_is_5033(gateway, sandbox):
    running = gateway({"per_operation": "1/s", "max_wait": "60s", "queue": 2})
    # One leaves at once and two wait; further ones are refused within a second, however slowly they arrive.
    responses = all_at_once([lambda: running.call("GET", LIST)] * 30)
    codes = sorted(response.error_code for response in responses if response.status == 503)
    assert codes and set(codes) == {"HSSGW.5033"}
    assert all(response.value("Retry-After") for response in responses if response.status == 503)
    assert sum(response.status == 200 for response in responses) >= 3


def test_a_caller_that_hangs_up_frees_its_place(gateway, sandbox):
    running = gateway({"per_operation": "1/min", "max_wait": "2h", "queue": 1})
    assert running.call("GET", LIST).status == 200
    with wire.Connection(running.data) as waiting:
        waiting.send(wire.request("GET", LIST))
        eventually(lambda: "hssgw_flow_waiting 1\n" in running.metrics(), "a request that waits")
        assert running.call("GET", LIST).status == 503
    eventually(lambda: "hssgw_flow_waiting 0\n" in running.metrics(), "a free place")


def test_off_hands_hss_429_to_the_caller(gateway, sandbox):
    running = gateway("off")
    set_quota(sandbox, limit=1, seconds=3600)
    assert running.call("GET", LIST).status == 200
    response = running.call("GET", LIST)
    assert (response.status, response.error_code, response.value("X-HSSGW-Source")) == (429, "APIGW.0308", "upstream")


def test_too_many_in_flight_are_5033_while_the_admin_port_answers(sandbox, tmp_path):
    wire.call(sandbox.addresses["iam"], "POST", "/sandbox/reset")
    document = configuration(tmp_path, sandbox.url)
    document["limits"] = {"in_flight": 1}
    document["upstream"] = {"flow_control": {"per_operation": "1/h", "max_wait": "2h"}}
    running = serve(tmp_path, document, {"HSSGW_WORKERS": "1"})
    assert running.call("GET", LIST).status == 200
    with wire.Connection(running.data) as waiting:
        waiting.send(wire.request("GET", LIST))
        eventually(lambda: "hssgw_flow_waiting 1\n" in running.metrics(), "a request that waits")
        shed = running.call("GET", LIST)
        assert (shed.status, shed.error_code, shed.value("Retry-After")) == (503, "HSSGW.5033", "1")
        assert running.readiness().status == 200
    running.stop()
    running.journal.check_form()
