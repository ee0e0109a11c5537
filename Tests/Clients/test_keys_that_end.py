"""Keys that expire: at their time, with a warning before, replaced with an overlap; when each was last used."""

import json
import re
import time
from datetime import datetime, timezone
from pathlib import Path

import pytest
from huaweicloudsdkhss.v5 import ListVulnerabilitiesRequest
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException

from harness.commands import create_key, list_keys, run
from harness.deadline import eventually
from harness.process import PROJECT
from test_caller_keys import TARGET, events
from test_virtual_keys import client_of

FIELD = "X-HSSGW-Key-Expires"


def callers(document):
    document["callers"] = [{"name": "team", "authenticate": {"api_key": True, "virtual_key": True}, "projects": ["prod"]}]


@pytest.fixture
def gateway(sandbox, start):
    return start(sandbox.url, callers)


def get(gateway, key: str):
    return gateway.call("GET", TARGET, [("X-HSSGW-Key", key)])


def moment(text: str) -> float:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc).timestamp()


def rotate(gateway, identifier: str, *flags: str) -> dict:
    done = run(gateway.directory, "caller", "key", "rotate", identifier, "--json", "--config", str(gateway.directory / "gateway.yaml"), *flags)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def ending_soon(gateway, *flags: str, works) -> dict:
    """A key that was used successfully and is about to expire: longer-lived ones are created if the machine was too slow to use the first."""
    for lifetime in (5, 15, 45):
        made = create_key(gateway.directory, "team", *flags, "--expires", f"{lifetime}s")
        while time.time() < moment(made["ends"]):
            if works(made):
                return made
    raise AssertionError("no key was accepted within its lifetime")


def row(gateway, identifier: str) -> dict:
    return next(key for key in list_keys(gateway.directory) if key["id"] == identifier)


def test_a_key_ends_at_its_moment_without_anybody_touching_the_file(gateway):
    store = gateway.directory / "keys" / "callers"
    told = []
    made = ending_soon(gateway, works=lambda made: (answer := get(gateway, made["api_key"])).status == 200 and not told.append(answer.value(FIELD)))
    written = store.stat().st_mtime_ns
    assert told[0][:19] == made["ends"][:19]
    eventually(lambda: get(gateway, made["api_key"]).status == 401, "the end of the key")
    assert time.time() >= moment(made["ends"]) - 1
    refusal = get(gateway, made["api_key"])
    assert refusal.error_code == "HSSGW.4010" and "ended on " + made["ends"][:19] in json.loads(refusal.body)["error_msg"]
    # Without the whole key a client can't find out that it ever existed.
    other = made["api_key"][:-1] + ("b" if made["api_key"][-1] == "a" else "a")
    assert "doesn't know" in json.loads(get(gateway, other).body)["error_msg"]
    assert store.stat().st_mtime_ns == written
    for event in ("caller_key_ending", "caller_key_ended"):
        def of_this_key(event=event):
            return [detail for detail in events(gateway, event) if detail["key"] == made["id"]]

        assert eventually(of_this_key, event) == [{"key": made["id"], "kind": "api", "caller": "team", "ends": made["ends"]}]


def test_a_virtual_key_ends_for_the_official_sdk_too(gateway):
    counter = iter(range(1, 1_000_000))

    def code(made) -> str | None:
        try:
            client_of(gateway, made).list_vulnerabilities(ListVulnerabilitiesRequest(limit=10, offset=next(counter)))
            return None
        except ClientRequestException as error:
            return f"{error.error_code} {error.error_msg}"

    made = ending_soon(gateway, "--virtual", works=lambda made: code(made) is None)
    assert "ended on " + made["ends"][:19] in eventually(lambda: "HSSGW.4010" in (said := code(made) or "") and said, "the end of the key")


def test_a_key_without_an_end_and_one_whose_end_is_far_are_not_spoken_of(gateway):
    for flags in ([], ["--expires", "90d"]):
        made = create_key(gateway.directory, "team", *flags)
        eventually(lambda: get(gateway, made["api_key"]).status == 200, "the new key")
        assert get(gateway, made["api_key"]).values(FIELD) == []
    assert events(gateway, "caller_key_ending") == []
    ends = re.search(r'^hssgw_caller_key_expiry_timestamp_seconds\{caller="team"\} (\d+)', gateway.metrics(), re.M)
    assert abs(int(ends.group(1)) - moment(made["ends"])) <= 1
    assert abs(moment(made["ends"]) - time.time() - 90 * 86400) < 60


def test_a_rotation_lets_both_keys_work_until_the_overlap_is_over(gateway):
    old = create_key(gateway.directory, "team", "--expires", "30d")
    eventually(lambda: get(gateway, old["api_key"]).status == 200, "the old key")
    new = rotate(gateway, old["id"], "--overlap", "5s")
    assert new["replaces"] == old["id"] and new["id"] != old["id"]
    assert abs(moment(new["ends"]) - time.time() - 30 * 86400) < 60
    eventually(lambda: get(gateway, new["api_key"]).status == 200, "the new key")
    eventually(lambda: get(gateway, old["api_key"]).status == 401, "the end of the old key")
    assert get(gateway, new["api_key"]).status == 200
    (event,) = events(gateway, "caller_key_end_changed")
    assert event["key"] == old["id"] and event["ends"] == row(gateway, old["id"])["ends"]
    again = run(gateway.directory, "caller", "key", "rotate", old["id"], "--config", "gateway.yaml")
    assert again.returncode == 1 and "ended" in again.stderr
    for act in ("rotate", "revoke"):
        unknown = run(gateway.directory, "caller", "key", act, "unknown", "--config", "gateway.yaml")
        assert unknown.returncode == 1 and "holds no key of this id; `hss-gateway caller key list` shows them." in unknown.stderr


def test_a_rotation_never_lets_a_key_live_longer_and_keeps_its_kind(gateway):
    old = create_key(gateway.directory, "team", "--virtual", "--expires", "1h")
    new = rotate(gateway, old["access_key"])
    assert new["access_key"].startswith("HGV") and new["secret_key"] != old["secret_key"]
    assert row(gateway, old["access_key"])["ends"] == old["ends"]
    endless = create_key(gateway.directory, "team")
    assert "ends" not in rotate(gateway, endless["id"], "--overlap", "24h")
    assert abs(moment(row(gateway, endless["id"])["ends"]) - time.time() - 86400) < 60


def test_when_a_key_was_last_used_is_listed_and_outlives_the_gateway(gateway, sandbox, start):
    used, idle = create_key(gateway.directory, "team"), create_key(gateway.directory, "team")
    assert row(gateway, used["id"])["last_used"] is None
    eventually(lambda: get(gateway, used["api_key"]).status == 200, "the new key")
    eventually(lambda: row(gateway, used["id"])["last_used"], "the first use")
    assert abs(moment(row(gateway, used["id"])["last_used"]) - time.time()) < 20 and row(gateway, idle["id"])["last_used"] is None
    file = gateway.directory / "audit" / "caller-keys.used"
    before = file.stat().st_mtime_ns
    for _ in range(50):
        assert get(gateway, used["api_key"]).status == 200
    assert file.stat().st_mtime_ns == before or (file.stat().st_mtime_ns - before) >= 9e9
    gateway.stop()
    last = row(gateway, used["id"])["last_used"]
    assert abs(moment(last) - time.time()) < 20
    again = start(sandbox.url, callers)
    eventually(lambda: get(again, idle["api_key"]).status == 200, "the start")
    eventually(lambda: row(again, idle["id"])["last_used"], "the other key's use")
    assert row(again, used["id"])["last_used"] == last


def test_a_list_of_an_older_version_is_read_and_grows(gateway):
    made = create_key(gateway.directory, "team")
    store = gateway.directory / "keys" / "callers"
    assert len(next(line for line in store.read_text().splitlines() if made["id"] in line).split(" ")) == 6
    ending = create_key(gateway.directory, "team", "--expires", "90d")
    assert len(next(line for line in store.read_text().splitlines() if ending["id"] in line).split(" ")) == 7
    for key in (made, ending):
        eventually(lambda: get(gateway, key["api_key"]).status == 200, "each key")


@pytest.mark.parametrize("arguments", [
    ("create", "team", "--expires", "0s"), ("create", "team", "--expires", "soon"), ("create", "team", "--expires", "-5d"),
    ("create", "team", "--expires", "99999d"), ("rotate", "abcdefghij234567", "--overlap", "-1h"), ("rotate", "abcdefghij234567", "--overlap", "x"),
])
def test_a_duration_that_is_none_is_a_wrong_command_line(arguments, gateway):
    done = run(gateway.directory, "caller", "key", *arguments, "--config", "gateway.yaml")
    assert done.returncode == 2, done.stderr
    assert not (gateway.directory / "keys" / "callers").exists()


def test_an_end_that_nobody_can_read_is_a_broken_list(gateway):
    made = create_key(gateway.directory, "team", "--expires", "90d")
    store = gateway.directory / "keys" / "callers"
    store.write_text(store.read_text().replace(made["ends"], "tomorrow"))
    done = run(gateway.directory, "config", "check", "--config", "gateway.yaml")
    assert done.returncode == 3 and "seventh word" in done.stderr, done.stderr
