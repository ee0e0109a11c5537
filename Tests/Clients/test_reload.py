"""A new configuration comes into force completely, under load and without a failed request, or not at all."""

import json
import os
import re
import signal
import threading

import pytest

from harness import wire
from harness.deadline import eventually
from harness.process import PROJECT
from harness.upstream import answer

TARGET = f"/v5/{PROJECT}/image/baseline/risk-configs"


def rule(name: str, action: str = "allow") -> list[dict]:
    return [{"name": name, "callers": ["*"], "action": action}]


def document_of(gateway) -> dict:
    return json.loads((gateway.directory / "gateway.yaml").read_text())


def write(gateway, document: dict):
    """Replaces the file as editors and deployments do: atomically."""
    path = gateway.directory / "gateway.yaml"
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(document))
    fresh.rename(path)


def reload(gateway) -> wire.Response:
    return wire.call(gateway.admin, "POST", "/-/reload", [("Content-Length", "0")])


def metric(gateway, name: str) -> float:
    return float(re.search(rf"^{name} (\S+)$", gateway.metrics(), re.M).group(1))


def events(gateway, name: str) -> list[dict]:
    return [record for record in gateway.journal.records() if record.get("event") == name]


def ask(gateway) -> wire.Response:
    return gateway.call("GET", TARGET)


def closing(gateway, response: wire.Response) -> dict:
    return gateway.journal.closing(response.value("Audit-Id"))


@pytest.fixture
def running(start, upstream):
    return start(upstream.url, lambda document: document.update(policy=rule("first")))


def test_a_hangup_signal_puts_the_new_configuration_in_force(running):
    before = closing(running, ask(running))
    write(running, {**document_of(running), "policy": rule("second", "deny")})
    os.kill(running.pid, signal.SIGHUP)
    eventually(lambda: metric(running, "hssgw_config_generation") >= 2, "the reload")
    after = ask(running)
    assert after.error_code == "HSSGW.4031" and after.json["rule"] == "second"
    record = closing(running, after)
    assert record["gateway"]["config_sha256"] != before["gateway"]["config_sha256"]
    assert wire.call(running.admin, "GET", "/version").json["config_sha256"] == record["gateway"]["config_sha256"]
    (event, *_) = eventually(lambda: events(running, "reload"), "the event")
    assert event["gateway"]["config_sha256"] == record["gateway"]["config_sha256"]


def test_a_replaced_file_is_noticed(running):
    write(running, {**document_of(running), "policy": rule("second")})
    eventually(lambda: metric(running, "hssgw_config_generation") == 2, "the reload")
    assert closing(running, ask(running))["rule"] == "second"
    (event,) = eventually(lambda: events(running, "reload"), "the event")
    assert event["detail"]["trigger"] == "file"


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (lambda d: d.update(polcy=[]), "policy"),
        (lambda d: d.update(policy=rule("second"), callers=[]) or d.update(projects=[]), "project"),
        (lambda d: d["credentials"][0].update(secret_key_file="/nonexistent/key"), "secret_key_file"),
        (lambda d: d["listeners"][0].update(address="127.0.0.1:1"), "listeners.internal.address"),
        (lambda d: d["audit"].update(directory="./elsewhere"), "audit.directory"),
        (lambda d: d["audit"].update(retain="2d"), "audit.retain can't change while the gateway runs"),
        (lambda d: d["audit"].update(checkpoint={"anchors": []}), "audit.checkpoint can't change"),
        (lambda d: d["audit"].update(ship=[{"type": "syslog", "address": "udp://127.0.0.1:9"}]), "audit.ship can't change"),
        (lambda d: d["upstream"].update(ca_file=__file__), "upstream"),
    ],
    ids=["unknown key", "no project", "missing secret", "another address", "another journal", "retention", "anchors", "sinks", "no certificates"],
)
def test_a_bad_configuration_is_refused_whole(running, fault, reason):
    good, document = closing(running, ask(running)), document_of(running)
    # One file with a valid change and an invalid one: neither may come into force.
    bad = {**json.loads(json.dumps(document)), "policy": rule("second", "deny")}
    fault(bad)
    write(running, bad)
    response = reload(running)
    assert response.status == 422 and reason in response.json["reason"], response.body
    after = closing(running, ask(running))
    assert (after["rule"], after["gateway"]) == ("first", good["gateway"])
    assert metric(running, "hssgw_config_last_reload_successful") == 0
    eventually(lambda: events(running, "reload_refused"), "the event")
    assert not events(running, "reload")
    # The checks show that a configuration was refused, and why.
    checks = running.readiness()
    assert checks.status == 200 and reason in checks.body.decode(), checks.body

    write(running, {**document, "policy": rule("third")})
    assert reload(running).status == 200
    assert reason not in running.readiness().body.decode()
    assert metric(running, "hssgw_config_last_reload_successful") == 1
    assert closing(running, ask(running))["rule"] == "third"


@pytest.mark.parametrize(("change", "said"), [({"mode": "0600"}, "listeners.local.mode can't change"), ({"unix": "./b"}, "listeners.local.unix can't")])
def test_what_can_not_change_of_a_socket_is_named(change, said, start, upstream):
    gateway = start(upstream.url, lambda document: document["listeners"].append({"name": "local", "unix": "./a", "mode": "0660"}))
    answer = gateway.reconfigure(lambda document: document["listeners"][1].update(change))
    assert answer.status == 422 and said in answer.json["reason"]


def test_limits_hosts_and_the_log_follow_too(running):
    document = document_of(running)
    document["limits"] = {"request_body": "1KiB"}
    document["listeners"][0]["hosts"] = ["gateway.example"]
    document["log"] = {"level": "error"}
    write(running, document)
    assert reload(running).status == 200
    assert ask(running).error_code == "HSSGW.4000", "a host that isn't served"
    named = [("Host", "gateway.example"), ("Content-Type", "application/json"), ("Content-Length", "1025")]
    assert running.call("POST", f"/v5/{PROJECT}/image/baseline/export", named, b"{" + b" " * 1023 + b"}").error_code == "HSSGW.4130"
    for _ in range(3):
        assert reload(running).status == 200
    running.stop()
    # The first one may have been told before the level was in force.
    assert running.log.count("configuration reloaded") <= 1, "a notice is less than an error"


def test_new_upstream_settings_leave_a_transfer_under_way_alone(running, upstream):
    may_end = threading.Event()

    def slowly(request, connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4\r\n\r\n{ ")
        assert may_end.wait(20)
        return b" }"

    upstream.handler = slowly
    with wire.Connection(running.data) as caller:
        caller.send(wire.request("GET", TARGET))
        upstream.wait_for(1)
        write(running, {**document_of(running), "upstream": {"idle_timeout": "30s", "connections": 3}})
        assert reload(running).status == 200
        upstream.handler = lambda request, connection: answer()
        other = ask(running)
        assert other.status == 200
        may_end.set()
        assert caller.response().body == b"{  }"
    connections = [request.connection for request in upstream.requests]
    assert connections[0] != connections[1], "the new settings came with connections of their own"


def test_connections_in_use_are_not_counted_among_the_idle_ones_that_are_kept(running, upstream):
    write(running, {**document_of(running), "upstream": {"connections": 2}})
    assert reload(running).status == 200
    # With each call that HSS takes, more may be made at the same time with a credential that is new.
    first = 10
    for _ in range(first):
        assert ask(running).status == 200
    may_end = threading.Event()

    def take_time(request, connection):
        assert "limit=1" not in request.target or may_end.wait(60)
        return answer()

    upstream.handler = take_time
    callers = [wire.Connection(running.data) for _ in range(6)]
    for caller in callers:
        caller.send(wire.request("GET", TARGET + "?limit=1"))
    upstream.wait_for(first + len(callers))
    held = len(upstream.requests)
    # One connection of a caller's is served by one worker.
    with wire.Connection(running.data) as quick:
        for _ in range(10):
            quick.send(wire.request("GET", TARGET))
            assert quick.response().status == 200
    connections = {request.connection for request in upstream.requests[held:]}
    may_end.set()
    assert [caller.response().status for caller in callers] == [200] * len(callers)
    for caller in callers:
        caller.close()
    assert len(connections) == 1, "the connection of a quick request was kept for the next"


def test_reloads_under_load_fail_no_request_and_mix_no_two_configurations(running, upstream):
    rounds, callers = 12, 6
    first, second = document_of(running), {**document_of(running), "policy": rule("second"), "upstream": {"connections": 7}}
    done = threading.Event()
    seen: list[wire.Response] = []
    faults: list[BaseException] = []

    def call_until_done():
        try:
            with wire.Connection(running.data) as connection:
                while not done.is_set():
                    connection.send(wire.request("GET", TARGET))
                    seen.append(connection.response())
        except BaseException as fault:  # the thread's fault belongs to the test
            faults.append(fault)

    threads = [threading.Thread(target=call_until_done) for _ in range(callers)]
    for thread in threads:
        thread.start()
    digests = {}
    try:
        for number in range(rounds):
            write(running, second if number % 2 == 0 else first)
            result = reload(running)
            assert result.status == 200, result.body
            digests[result.json["config_sha256"]] = "second" if number % 2 == 0 else "first"
            mark = len(seen)
            eventually(lambda: len(seen) > mark + callers or faults, "calls under the new configuration")
    finally:
        done.set()
        for thread in threads:
            thread.join()
    assert not faults, faults
    assert all(response.status == 200 for response in seen)
    assert len(digests) == 2
    running.stop()
    records = [record for record in running.journal.check_form() if record["phase"] == "response"]
    assert len(records) == len(seen) == len(upstream.requests)
    assert {record["rule"] for record in records} == {"first", "second"}
    for record in records:
        assert digests[record["gateway"]["config_sha256"]] == record["rule"], "decided by one configuration, recorded under another"


def test_the_admin_token_follows_its_file_and_the_configuration(running):
    token = running.directory / "admin-token"
    token.write_text("first-admin-token")
    token.chmod(0o600)
    write(running, {**document_of(running), "admin": {"address": "127.0.0.1:0", "token_file": str(token)}})
    assert reload(running).status == 200

    def version(bearer: str | None) -> int:
        fields = [("Authorization", f"Bearer {bearer}")] if bearer else []
        return wire.call(running.admin, "GET", "/version", fields).status

    assert [version(None), version("first-admin-token")] == [401, 200]
    token.write_text("other-admin-token")
    assert [version("first-admin-token"), version("other-admin-token")] == [401, 200]
    token.unlink()
    assert version("other-admin-token") == 200, "the last one that could be read stays"
