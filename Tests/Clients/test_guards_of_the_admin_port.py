"""What wrong tokens and readers of the evidence leave behind, and keys that anybody could have put there."""

import json
import os

import pytest

from harness import wire
from harness.commands import create_key, run
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
    # Who shows none is asked for it.
    assert wire.call(guarded.admin, "GET", "/audit/records").status == 401
    metrics = wire.call(guarded.admin, "GET", "/metrics", bearer(TOKEN)).body.decode()
    assert "\nhssgw_admin_auth_failures_total 12\n" in metrics
    guarded.stop()
    told = events(guarded, "admin_token_refused")
    assert sum(detail["count"] for detail in told) == 12 and 1 <= len(told) <= 3
    assert all(detail["first"] <= detail["last"] for detail in told) and "wrong-" not in str(told)


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
