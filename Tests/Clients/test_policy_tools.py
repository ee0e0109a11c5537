"""A policy is tested before it is in force: cases, recorded calls decided again, and rules that allow exactly those."""

import json

import yaml

from harness import wire
from harness.commands import create_key, run
from harness.deadline import eventually
from harness.process import configuration
from harness.upstream import answer

READ = "/v5/_/vulnerability/vulnerabilities"
EXPORT = "/v5/_/image/baseline/export"


def with_policy(tmp_path, name: str, policy: list[dict]) -> str:
    document = configuration(tmp_path / "new", "http://127.0.0.1:9")
    # No secret is read: these files don't exist.
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
    done = check({"what": "ListVulnerabilities", "project": "_", "verdict": "deny"})
    assert done.returncode == 3 and "asks the same as" in done.stderr, done.stdout + done.stderr
    assert check({"what": "ListVulnerabilities", "project": "_", "verdict": "allow", "rule": "reads"}).returncode == 0
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


def test_a_configuration_that_is_in_force_changes_nothing_of_what_it_decided(start, upstream, tmp_path):
    def limited(document: dict) -> None:
        document["callers"][0].update(authenticate={"api_key": True}, enterprise_projects={"default": "7", "allowed": ["7"]}, projects=["prod", "other"],
                                      require_reason=["export"])
        document["projects"].append({**document["projects"][0], "name": "other", "id": "fedcba9876543210fedcba9876543210"})

    gateway = start(upstream.url, limited)
    key = create_key(gateway.directory, "team")["api_key"]
    upstream.handler = lambda request, connection: answer(b'{"total_num":0}')
    kept = [("X-HSSGW-Key", key)]
    eventually(lambda: gateway.call("GET", "/-/whoami", kept).status == 200, "the key")
    bearer = [("Authorization", f"Bearer {key}")]
    literal = READ.replace("_", "%7Bproject_id%7D", 1)
    for target, fields, expected in [
        (READ, kept, None), (f"{READ}?enterprise_project_id=7", kept, None), (f"{READ}?enterprise_project_id=8", kept, "HSSGW.4032"),
        (READ.replace("_", "nowhere", 1), kept, "HSSGW.4033"), (literal, bearer, "HSSGW.4033"), (literal, kept, None),
        (READ, [*kept, ("region", "cn-south-1")], "HSSGW.4035"),
    ]:
        assert gateway.call("GET", target, fields).error_code == expected, target
    # A rule allows it, and it is refused for what it doesn't say.
    assert gateway.call("POST", EXPORT, [*kept, ("Content-Type", "application/json")], b"{}").error_code == "HSSGW.4004"
    gateway.stop()

    def replay(enterprise: str, projects: list[str]):
        document = configuration(tmp_path / "new", "http://127.0.0.1:9")
        document["credentials"] = [{"name": "keys", "type": "aksk", "access_key_file": "/nowhere/ak", "secret_key_file": "/nowhere/sk"}]
        limited(document)
        document["callers"][0].update(enterprise_projects={"default": enterprise, "allowed": [enterprise]}, projects=projects)
        file = tmp_path / "replayed.yaml"
        file.write_text(json.dumps(document, indent=1))
        return run(tmp_path, "policy", "replay", "--config", str(file), "--directory", str(gateway.directory / "audit"), "--since", "1h")

    done = replay("7", ["prod", "other"])
    assert done.returncode == 0 and "0 would be lost, 0 gained" in done.stdout, done.stdout + done.stderr
    # Only the call with 7 loses; those without a value get the new default, and the one with 8 is allowed.
    done = replay("8", ["prod", "other"])
    assert done.returncode == 8 and "1 would be lost, 1 gained" in done.stdout, done.stdout + done.stderr
    # With one project the literal stands for that one.
    done = replay("7", ["prod"])
    assert done.returncode == 0 and "0 would be lost, 1 gained" in done.stdout, done.stdout + done.stderr


def test_a_rule_on_trial_refuses_in_the_record_and_lets_through(start, upstream, tmp_path):
    trial = [{"name": "no-exports", "kinds": ["export"], "action": "log"}, {"name": "reads", "kinds": ["read"], "action": "allow"}]
    gateway = start(upstream.url, lambda document: document.update(policy=trial))
    upstream.handler = lambda request, connection: answer(b'{"task_id":"t1","record_total_num":1}')
    assert gateway.call("GET", READ).status == 200
    done = gateway.call("POST", EXPORT, [("Content-Type", "application/json")], b'{"operate_all": true}')
    assert done.status == 200 and done.value("X-HSSGW-Source") == "upstream"
    # A request that no rule matches is refused as before.
    assert gateway.call("DELETE", "/v5/_/event/white-list/alarm", [("Content-Type", "application/json")], b"{}").error_code == "HSSGW.4031"
    records = gateway.journal.of(done.value("Audit-Id"))
    assert [record["phase"] for record in records] == ["request", "response"]
    for record in records:
        assert (record["decision"], record["rule"], record["error_code"]) == ("deny", "no-exports", "HSSGW.4031")
    assert (records[-1]["status"], records[-1]["outcome"]) == (200, "success")
    metrics = wire.call(gateway.admin, "GET", "/metrics").body.decode()
    assert 'hssgw_policy_logged_total{rule="no-exports",caller="team",operation="BatchExportBaselineTask"} 1\n' in metrics
    gateway.stop()

    # The rule in force: who would lose something is known beforehand.
    new = with_policy(tmp_path, "earnest", [{**trial[0], "action": "deny"}, trial[1]])
    replay = ["policy", "replay", "--directory", str(gateway.directory / "audit"), "--since", "1h", "--config"]
    done = run(tmp_path, *replay, new)
    assert done.returncode == 8 and "LOSES  team  BatchExportBaselineTask  prod  1 x  deny HSSGW.4031 (no-exports)" in done.stdout, done.stdout
    same = with_policy(tmp_path, "trial", trial)
    done = run(tmp_path, *replay, same)
    assert done.returncode == 0 and "0 would be lost" in done.stdout, done.stdout

    # Calls that the trial rule allowed were used: rules of least privilege without them would refuse what
    # works today.
    suggested = run(tmp_path, "policy", "suggest", "--directory", str(gateway.directory / "audit"), "--since", "1h")
    assert yaml.safe_load(suggested.stdout)["policy"][0]["operations"] == ["BatchExportBaselineTask", "ListVulnerabilities"], suggested.stdout
    assert "#   team  BatchExportBaselineTask  prod  1 x  (no-exports)" in suggested.stdout.splitlines()
    done = run(tmp_path, *replay, with_policy(tmp_path, "suggested", yaml.safe_load(suggested.stdout)["policy"]))
    assert done.returncode == 0 and "0 would be lost" in done.stdout, done.stdout

    cases = tmp_path / "cases.yaml"
    for verdict, code in (("log", 0), ("allow", 8), ("deny", 8)):
        cases.write_text(yaml.safe_dump({"cases": [{"who": "team", "what": "BatchExportBaselineTask", "project": "prod", "verdict": verdict}]}))
        assert run(tmp_path, "policy", "test", str(cases), "--config", same).returncode == code
    explained = run(gateway.directory, "explain", "POST", EXPORT, "--caller", "team", "--config", "gateway.yaml")
    assert explained.returncode == 0 and "decision" in explained.stdout and "log" in explained.stdout.splitlines()[0], explained.stdout + explained.stderr
