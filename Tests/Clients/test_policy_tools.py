"""A policy is tried before it is in force: cases, what was called decided anew, and rules that allow just that."""

import json

import yaml

from harness.commands import run
from harness.process import configuration
from harness.upstream import answer

READ = "/v5/_/vulnerability/vulnerabilities"
EXPORT = "/v5/_/image/baseline/export"


def with_policy(tmp_path, name: str, policy: list[dict]) -> str:
    document = configuration(tmp_path / "new", "http://127.0.0.1:9")
    # No secret is read: these files are not there.
    document["credentials"] = [{"name": "keys", "type": "aksk", "access_key_file": "/nowhere/ak", "secret_key_file": "/nowhere/sk"}]
    document["policy"] = policy
    file = tmp_path / f"{name}.yaml"
    file.write_text(json.dumps(document, indent=1))
    return str(file)


def test_cases_are_checked_without_a_secret(tmp_path):
    policy = with_policy(tmp_path, "reads", [{"name": "reads", "kinds": ["read"], "action": "allow"}])
    file = tmp_path / "cases.yaml"

    def check(export: dict):
        read = {"who": "team", "what": f"GET {READ}", "verdict": "allow", "rule": "reads"}
        file.write_text(yaml.safe_dump({"cases": [read, {"who": "team", "project": "prod", **export}]}))
        return run(tmp_path, "policy", "test", str(file), "--config", policy)

    done = check({"what": "BatchExportBaselineTask", "verdict": "deny", "code": "HSSGW.4031"})
    assert done.returncode == 0 and "2 of 2" in done.stdout, done.stdout + done.stderr
    done = check({"what": "BatchExportBaselineTask", "verdict": "allow"})
    assert done.returncode == 8 and "expected allow, got deny HSSGW.4031" in done.stdout, done.stdout + done.stderr
    done = check({"what": "BatchExportBaselineTsk", "verdict": "deny"})
    assert done.returncode == 3 and "did you mean `BatchExportBaselineTask`" in done.stderr, done.stderr


def test_recorded_calls_are_decided_anew_and_rules_suggested(start, upstream, tmp_path):
    gateway = start(upstream.url, lambda document: None)
    upstream.handler = lambda request, connection: answer(b'{"task_id":"t1","record_total_num":1}')
    assert gateway.call("GET", READ).status == 200
    body = b'{"operate_all": true}'
    assert gateway.call("POST", EXPORT, [("Content-Type", "application/json")], body).status == 200
    gateway.stop()
    directory = str(gateway.directory / "audit")

    same = with_policy(tmp_path, "same", [{"name": "all", "action": "allow"}])
    done = run(tmp_path, "policy", "replay", "--config", same, "--directory", directory, "--since", "1h")
    assert done.returncode == 0 and "2 calls" in done.stdout and "0 would be lost" in done.stdout, done.stdout + done.stderr
    narrower = with_policy(tmp_path, "narrower", [{"name": "reads", "kinds": ["read"], "action": "allow"}])
    done = run(tmp_path, "policy", "replay", "--config", narrower, "--directory", directory, "--since", "1h")
    assert done.returncode == 8 and "LOSES  team  BatchExportBaselineTask  prod  1 x  deny HSSGW.4031" in done.stdout, done.stdout + done.stderr

    suggested = run(tmp_path, "policy", "suggest", "--directory", directory, "--since", "1h")
    assert suggested.returncode == 0, suggested.stderr
    rules = yaml.safe_load(suggested.stdout)["policy"]
    assert rules == [{
        "name": "team", "callers": ["team"], "projects": ["prod"], "operations": ["BatchExportBaselineTask", "ListVulnerabilities"],
        "action": "allow",
    }]
    suggested = with_policy(tmp_path, "suggested", rules)
    done = run(tmp_path, "policy", "replay", "--config", suggested, "--directory", directory, "--since", "1h")
    assert done.returncode == 0, done.stdout + done.stderr
