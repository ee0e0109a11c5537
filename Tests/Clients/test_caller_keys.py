"""API keys: created, used, revoked, while the gateway runs and while it doesn't."""

import json
import os
import stat
import subprocess
import threading
import time

import pytest

from harness.commands import create_key, list_keys, revoke_key, run
from harness.deadline import eventually
from harness.process import PROJECT, clean_environment, serve

TARGET = f"/v5/{PROJECT}/host-management/hosts?limit=10"


def keyed(document):
    document["callers"] = [
        {"name": "team", "authenticate": {"api_key": True}, "projects": ["prod"]},
        {"name": "both", "authenticate": {"api_key": True, "cidr": ["10.9.9.9"]}, "projects": ["prod"]},
        {"name": "either", "authenticate": {"require": "any", "api_key": True, "cidr": ["10.9.9.9"]}, "projects": ["prod"]},
        {"name": "network", "authenticate": {"cidr": ["127.0.0.0/8"]}, "projects": ["prod"]},
    ]


def directory_of(tmp_path):
    return tmp_path / "gateway"


@pytest.fixture
def gateway(sandbox, start):
    return start(sandbox.url, keyed)


def events(gateway, name: str) -> list[dict]:
    return [record["detail"] for record in gateway.journal.records() if record.get("event") == name]


def answers(gateway, key: str | None, header: str = "X-HSSGW-Key"):
    return gateway.call("GET", TARGET, [(header, key)] if key else [])


def test_a_key_is_good_within_moments_until_it_is_revoked_and_the_journal_tells(gateway, tmp_path):
    directory = directory_of(tmp_path)
    made = create_key(directory, "team")
    key, identifier = made["api_key"], made["id"]
    eventually(lambda: answers(gateway, key).status == 200, "the new key")
    answer = answers(gateway, f"Bearer {key}", "Authorization")
    assert answer.status == 200
    record = gateway.journal.closing(answer.value("Audit-Id"))
    assert record["caller"] == {"name": "team", "method": "api_key", "address": "127.0.0.1"}
    assert record["detail"] == {"caller_key": identifier}
    eventually(lambda: len(events(gateway, "caller_key_created")) == 1, "the event")
    assert events(gateway, "caller_key_created")[0] | {"created": ""} == {
        "key": identifier, "kind": "api", "caller": "team", "created": ""}

    revoke_key(directory, identifier)
    eventually(lambda: answers(gateway, key).status == 401, "the end of the key")
    assert answers(gateway, key).error_code == "HSSGW.4010"
    eventually(lambda: len(events(gateway, "caller_key_revoked")) == 1, "the event")
    assert [(entry["id"], bool(entry["revoked"])) for entry in list_keys(directory)] == [(identifier, True)]
    # Neither the key nor its recognising part is stored anywhere, except as a digest in the key file.
    secret = key.rsplit("_", 1)[1]
    gateway.stop()
    for path in [file for file in directory.rglob("*") if file.is_file()]:
        assert secret.encode() not in path.read_bytes(), path
    assert stat.S_IMODE((directory / "keys/callers").stat().st_mode) == 0o600
    assert stat.S_IMODE((directory / "keys").stat().st_mode) == 0o700


def test_a_key_that_is_revoked_in_mid_load_never_passes_again_once_it_was_refused(gateway, sandbox, tmp_path):
    made = create_key(directory_of(tmp_path), "team")
    key = made["api_key"]
    eventually(lambda: answers(gateway, key).status == 200, "the new key")
    over = threading.Event()
    # The beginning, the end and the status of each call.
    calls: list[tuple[float, float, int]] = []

    def load():
        while not over.is_set():
            began = time.monotonic()
            status = answers(gateway, key).status
            calls.append((began, time.monotonic(), status))

    threads = [threading.Thread(target=load) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        eventually(lambda: len(calls) > 50, "load")
        revoke_key(directory_of(tmp_path), made["id"])
        eventually(lambda: sum(status == 401 for _, _, status in list(calls)) > 50, "refusals")
    finally:
        over.set()
        for thread in threads:
            thread.join()
    assert {status for _, _, status in calls} == {200, 401}
    first_refusal = min(ended for _, ended, status in calls if status == 401)
    assert {status for began, _, status in calls if began > first_refusal} == {401}


@pytest.mark.parametrize("change", [
    lambda key: key[:-1] + ("a" if key[-1] != "a" else "b"), lambda key: key[:6] + "a" * 16 + key[22:], lambda key: key[:-1],
    lambda key: "hssgw_", lambda key: key.upper().replace("HSSGW", "hssgw"),
])
def test_a_wrong_key_is_refused_although_the_address_alone_would_do(gateway, tmp_path, change):
    key = create_key(directory_of(tmp_path), "team")["api_key"]
    eventually(lambda: answers(gateway, key).status == 200, "the key")
    for header, value in (("X-HSSGW-Key", change(key)), ("Authorization", f"Bearer {change(key)}")):
        answer = answers(gateway, value, header)
        assert (answer.status, answer.error_code) == (401, "HSSGW.4010")
        assert key not in answer.body.decode() and change(key) not in answer.body.decode()
    # Without any key the address decides.
    assert answers(gateway, None).status == 200


@pytest.mark.parametrize("shown", ["Bearer opaque", "Basic dTpw", "SDK-HMAC-SHA256 Access=HPUA, SignedHeaders=x-sdk-date, Signature=00"])
def test_what_belongs_to_somebody_else_is_said_to_prove_nothing(start, upstream, shown):
    gateway = start(upstream.url, lambda document: document["callers"][0].update(authenticate={"api_key": True}))
    answer = gateway.call("GET", TARGET, [("Authorization", shown)])
    assert (answer.status, answer.error_code) == (401, "HSSGW.4010") and "no key, signature or token" in answer.json["error_msg"]
    chinese = gateway.call("GET", TARGET, [("Authorization", shown), ("Accept-Language", "zh")])
    assert "密钥、签名或令牌" in chinese.json["error_msg"]
    silent = gateway.call("GET", TARGET)
    assert silent.error_code == "HSSGW.4010" and "no key" not in silent.json["error_msg"] and upstream.requests == []


def test_two_keys_that_differ_are_refused(gateway, tmp_path):
    keys = [create_key(directory_of(tmp_path), "team")["api_key"] for _ in range(2)]
    eventually(lambda: all(answers(gateway, key).status == 200 for key in keys), "both keys")
    assert gateway.call("GET", TARGET, [("X-HSSGW-Key", keys[0]), ("X-HSSGW-Key", keys[1])]).error_code == "HSSGW.4010"
    assert gateway.call("GET", TARGET, [("X-HSSGW-Key", keys[0]), ("Authorization", f"Bearer {keys[1]}")]).error_code == "HSSGW.4010"
    assert gateway.call("GET", TARGET, [("X-HSSGW-Key", keys[0]), ("Authorization", f"Bearer {keys[0]}")]).status == 200


def test_all_kinds_that_are_listed_must_hold_unless_any_will_do(gateway, tmp_path):
    both, either = (create_key(directory_of(tmp_path), name)["api_key"] for name in ("both", "either"))
    eventually(lambda: answers(gateway, either).status == 200, "the key that suffices")
    assert answers(gateway, both).error_code == "HSSGW.4010"


def test_what_was_made_and_revoked_while_nothing_ran_is_recorded_at_the_next_start(sandbox, start, tmp_path):
    directory = directory_of(tmp_path)
    gateway = start(sandbox.url, keyed)
    gateway.stop()
    first, second = (create_key(directory, "team")["id"] for _ in range(2))
    revoke_key(directory, first)
    again = serve(directory, json.loads((directory / "gateway.yaml").read_text()))
    try:
        eventually(lambda: len(events(again, "caller_key_created")) == 2, "the events of what was made")
        assert [detail["key"] for detail in events(again, "caller_key_created")] == [first, second]
        eventually(lambda: len(events(again, "caller_key_revoked")) == 1, "the event of the revocation")
    finally:
        again.stop()
    # Nothing is reported twice.
    third = serve(directory, json.loads((directory / "gateway.yaml").read_text()))
    eventually(lambda: third.readiness().status == 200, "readiness")
    third.stop()
    assert len(events(third, "caller_key_created")) == 2


def test_a_broken_key_file_leaves_the_old_keys_in_force(gateway, tmp_path):
    directory = directory_of(tmp_path)
    key = create_key(directory, "team")["api_key"]
    eventually(lambda: answers(gateway, key).status == 200, "the key")
    text = (directory / "keys/callers").read_text()
    (directory / "keys/new").write_text(text + "nonsense\n")
    (directory / "keys/new").rename(directory / "keys/callers")
    eventually(lambda: events(gateway, "caller_keys_refused"), "the event")
    assert "keys/callers:4" in events(gateway, "caller_keys_refused")[0]["reason"]
    assert answers(gateway, key).status == 200
    check = run(directory, "config", "check", "--config", "gateway.yaml")
    assert check.returncode == 3 and "keys/callers:4" in check.stderr


def test_commands_refuse_what_makes_no_sense(gateway, tmp_path):
    directory = directory_of(tmp_path)
    for arguments, code in (
        (["create", "nobody"], 3), (["create", "network"], 3), (["create", "team", "--virtual"], 3), (["revoke", "abcdefghij234567"], 1),
    ):
        done = run(directory, "caller", "key", *arguments, "--config", "gateway.yaml")
        assert done.returncode == code and done.stderr, arguments
    assert list_keys(directory) == []


def test_many_commands_at_once_lose_no_key(gateway, tmp_path):
    directory = directory_of(tmp_path)
    command = [os.environ["HSSGW_BINARY"], "caller", "key", "create", "team", "--config", "gateway.yaml"]
    commands = [
        subprocess.Popen(command, cwd=directory, env=clean_environment(directory), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(8)
    ]
    for process in commands:
        process.communicate(timeout=120)
        assert process.returncode == 0
    assert len(list_keys(directory)) == 8
