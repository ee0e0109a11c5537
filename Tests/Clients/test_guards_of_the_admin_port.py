"""The traces of wrong tokens and of readers of the evidence, and keys in files that others can write."""

import json
import os
import socket
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from harness import wire
from harness.certificates import Authority
from harness.commands import create_key, run
from harness.deadline import eventually
from harness.process import Gateway, configuration

TOKEN = "t" * 40


@pytest.fixture
def guarded(start, upstream, tmp_path) -> Gateway:
    token = tmp_path / "token"
    token.write_text(TOKEN)
    token.chmod(0o600)
    return start(upstream.url, lambda document: document["admin"].update(token_file=str(token)))


def events(gateway, name: str) -> list[dict]:
    return [record["detail"] for record in gateway.journal.records() if record.get("event") == name]


def bearer(token: str) -> list[tuple[str, str]]:
    return [("Authorization", f"Bearer {token}")]


def test_wrong_tokens_are_counted_one_by_one_and_recorded_in_sum(guarded):
    for number in range(12):
        assert wire.call(guarded.admin, "GET", "/audit/records", bearer(f"wrong-{number}")).status == 401
    # A request without one gets a challenge.
    assert wire.call(guarded.admin, "GET", "/audit/records").status == 401
    metrics = wire.call(guarded.admin, "GET", "/metrics", bearer(TOKEN)).body.decode()
    assert "\nhssgw_admin_auth_failures_total 12\n" in metrics
    guarded.stop()
    told = events(guarded, "admin_token_refused")
    assert sum(detail["count"] for detail in told) == 12 and 1 <= len(told) <= 3
    assert all(detail["first"] <= detail["last"] for detail in told) and "wrong-" not in str(told)
    assert {detail["source"] for detail in told} == {"127.0.0.1"}


def test_wrong_tokens_are_told_apart_by_where_they_come_from_also_when_nobody_waits_for_the_answer(guarded):
    host, port = wire.parse_address(guarded.admin)
    attempt = b"GET /version HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer wrong\r\nConnection: close\r\n\r\n"
    for number in (9, 9, 9, 10):
        with socket.create_connection((host, port), source_address=(f"127.0.0.{number}", 0)) as connection:
            connection.sendall(attempt)
            assert connection.recv(65536).startswith(b"HTTP/1.1 401")
    with socket.create_connection((host, port), source_address=("127.0.0.11", 0)) as connection:
        connection.sendall(attempt)
    metric = "\nhssgw_admin_auth_failures_total 5\n"
    eventually(lambda: metric in wire.call(guarded.admin, "GET", "/metrics", bearer(TOKEN)).body.decode(), "the last attempt is counted")
    guarded.stop()
    counts = {}
    for detail in events(guarded, "admin_token_refused"):
        counts[detail["source"]] = counts.get(detail["source"], 0) + detail["count"]
    assert counts == {"127.0.0.9": 3, "127.0.0.10": 1, "127.0.0.11": 1}


@pytest.mark.parametrize("accept, form", [
    ("text/csv", "text/csv"), ("text/csv;q=0", "application/json"), ("text/csv;q=0.0, */*", "application/json"),
    ("text/csv;q=0.1, application/json;q=0.2", "application/json"), ("text/csv; q=0.9, application/json; q=0.001", "text/csv"),
    ("application/x-ndjson;q=0, text/*", "text/csv"), ("application/json;q=0, */*;q=0.5", "application/x-ndjson"), ("*/*", "application/json"),
    ("", "application/json"), ("image/png", "application/json"), ("text/csvx", "application/json"), ("TEXT/CSV", "text/csv"),
])
def test_records_have_the_form_that_is_liked_best_and_none_that_is_refused(guarded, accept, form):
    answer = wire.call(guarded.admin, "GET", "/audit/records", [*bearer(TOKEN), ("Accept", accept)])
    assert answer.status == 200 and answer.value("Content-Type").split(";")[0] == form


@pytest.mark.parametrize("accept, is_open", [
    ("application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.3,*/*;q=0.1", True), ("application/openmetrics-text", True),
    ("application/openmetrics-text;q=0", False), ("application/openmetrics-text;q=0.2, text/plain", False), ("*/*", False),
])
def test_metrics_have_the_form_that_is_liked_best(guarded, accept, is_open):
    answer = wire.call(guarded.admin, "GET", "/metrics", [*bearer(TOKEN), ("Accept", accept)])
    assert answer.value("Content-Type").startswith("application/openmetrics-text") == is_open


def test_who_reads_the_evidence_is_recorded_once_a_session(guarded):
    for path in ("/audit/records", "/audit/exports", "/audit/records"):
        assert wire.call(guarded.admin, "GET", path, bearer(TOKEN)).status == 200
    assert wire.call(guarded.admin, "GET", "/version", bearer(TOKEN)).status == 200
    assert events(guarded, "evidence_read") == [{"reader": "operator", "path": "/audit/records"}]


@pytest.mark.parametrize("where", ["store", "master", "directory", "directory above"])
def test_keys_that_anybody_could_have_put_there_are_not_believed(start, upstream, tmp_path, where):
    keys = tmp_path / "safe" / "keys"
    keys.mkdir(parents=True)
    for directory in (keys, keys.parent):
        directory.chmod(0o700)

    def guarded_keys(document):
        document["caller_keys"] = {"store_file": str(keys / "callers"), "master_key_file": str(keys / "master.key")}
        document["callers"] = [{"name": "team", "authenticate": {"virtual_key": True}, "projects": ["prod"]}]

    gateway = start(upstream.url, guarded_keys)
    create_key(gateway.directory, "team", "--virtual")
    check = ["config", "check", "--config", str(gateway.directory / "gateway.yaml")]
    assert run(tmp_path, *check).returncode == 0
    path, mode = {
        "store": (keys / "callers", 0o646), "master": (keys / "master.key", 0o644), "directory": (keys, 0o777), "directory above": (keys.parent, 0o703),
    }[where]
    path.chmod(mode)
    found = run(tmp_path, *check)
    assert found.returncode == 3 and str(path) in found.stderr and "chmod" in found.stderr, found.stderr
    assert wire.call(gateway.admin, "POST", "/-/reload").status != 200
    gateway.stop()
    assert run(tmp_path, "serve", "--config", str(gateway.directory / "gateway.yaml")).returncode == 3
    path.chmod(0o700 if path.is_dir() else 0o600)
    assert run(tmp_path, *check).returncode == 0


@pytest.mark.parametrize("name", ["gateway.yaml", "jwks", "ca.crt"])
def test_whom_every_user_of_the_machine_could_have_named_is_not_believed(start, upstream, tmp_path, name):
    authority = Authority(tmp_path / "authority")

    def trusting(document):
        place = tmp_path / "gateway"
        (place / "ca.crt").write_bytes(Path(authority.certificate).read_bytes())
        key = ec.generate_private_key(ec.SECP256R1()).public_key()
        (place / "jwks").write_text(json.dumps({"keys": [json.loads(jwt.algorithms.ECAlgorithm.to_jwk(key))]}))
        document["upstream"]["ca_file"] = "ca.crt"
        document["callers"].append(
            {"name": "job", "authenticate": {"jwt": {"issuer": "https://issuer", "audience": "hss", "jwks": "jwks"}}, "projects": ["prod"]})

    gateway = start(upstream.url, trusting)
    path = gateway.directory / name
    check = ["config", "check", "--config", str(gateway.directory / "gateway.yaml")]
    assert run(tmp_path, *check).returncode == 0
    path.chmod(0o646)
    found = run(tmp_path, *check)
    assert found.returncode == 3 and "can be changed by every user" in found.stderr and "chmod o-w" in found.stderr, found.stderr
    assert run(tmp_path, *check, "--offline").returncode == 0
    assert wire.call(gateway.admin, "POST", "/-/reload").status != 200
    assert gateway.call("GET", "/v5/_/vulnerability/vulnerabilities").status == 200
    gateway.stop()
    assert run(tmp_path, "serve", "--config", str(gateway.directory / "gateway.yaml")).returncode == 3
    path.chmod(0o644)
    assert run(tmp_path, *check).returncode == 0


def test_a_secret_that_every_user_of_the_machine_could_have_put_there_replaces_none(start, upstream):
    gateway = start(upstream.url)
    read = lambda: gateway.call("GET", "/v5/_/vulnerability/vulnerabilities")
    assert read().status == 200
    used = upstream.requests[-1].value("Authorization").split("Access=")[1].split(",")[0]
    other = gateway.directory / "other"
    other.write_text("ANOTHERACCESSKEY0001")
    other.chmod(0o666)
    other.replace(gateway.directory / "access-key")
    eventually(lambda: "can be changed by every user" in gateway.log, "a word about the file")
    assert read().status == 200 and f"Access={used}," in upstream.requests[-1].value("Authorization")
    (gateway.directory / "access-key").chmod(0o600)
    eventually(lambda: read().status == 200 and "Access=ANOTHERACCESSKEY0001," in upstream.requests[-1].value("Authorization"), "the new key")
