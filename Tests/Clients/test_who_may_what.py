"""Callers × operations × projects, from outside: each decision compared with an independent evaluation of the same rules."""

import fnmatch
import itertools
import json

import pytest

from harness import wire
from harness.commands import run
from harness.process import PROJECT, REGION

STAGE = "1123456789abcdef0123456789abcdef"
PROJECTS = {"prod": PROJECT, "stage": STAGE, "vault": "2123456789abcdef0123456789abcdef"}
CALLERS = {"team": ["prod", "stage"], "auditors": ["prod", "stage", "vault"], "robots": ["stage"], "idle": ["prod"]}
ADDRESSES = {name: f"127.0.2.{number}" for number, name in enumerate([*CALLERS, "stranger"], start=1)}
# Name, kind, method, path, body.
OPERATIONS = [
    ("ListVulnerabilities", "read", "GET", "vulnerability/vulnerabilities", None),
    ("ListHostStatus", "read", "GET", "host-management/hosts", None),
    ("ListQueryExportTask", "read", "GET", "export-task/some-task", None),
    ("BatchExportBaselineTask", "export", "POST", "image/baseline/export", b"{}"),
    ("ListDownloadExportedFile", "download", "GET", "download/some-file", None),
    ("DeleteAppWhitelistPolicy", "write", "DELETE", "app/policy", b"{}"),
    ("ChangeAppWhitelistPolicy", "write", "PUT", "app/policy", b"{}"),
]
RULES = [
    {"name": "nothing-is-deleted", "methods": ["DELETE"], "action": "deny"},
    {"name": "the-vault-is-read", "callers": ["auditors"], "projects": ["vault"], "kinds": ["read"], "action": "allow"},
    {"name": "the-vault-is-shut", "projects": ["vault"], "action": "deny"},
    {"name": "robots-export", "callers": ["robots"], "operations": ["BatchExport*", "ListQueryExport?ask"], "action": "allow"},
    {"name": "team-does", "callers": ["team"], "kinds": ["read", "write", "export", "download"], "projects": ["stage"], "action": "allow"},
    {"name": "team-reads-and-fetches", "callers": ["team"], "kinds": ["read", "download"], "action": "allow"},
    {"name": "auditors-look", "callers": ["auditors"], "operations": ["List*"], "methods": ["GET"], "kinds": ["read"], "action": "allow"},
]


def expected(caller: str, operation, project: str) -> tuple[int, str | None, str | None]:
    """Status, code and rule."""
    name, kind, method, _, _ = operation
    if caller not in CALLERS:
        return 401, "HSSGW.4010", None
    if project not in CALLERS[caller]:
        return 403, "HSSGW.4033", None

    def matches(rule) -> bool:
        return (
            caller in rule.get("callers", [caller]) and kind in rule.get("kinds", [kind]) and method in rule.get("methods", [method])
            and project in rule.get("projects", [project]) and any(fnmatch.fnmatchcase(name, p) for p in rule.get("operations", ["*"])))

    rule = next((rule for rule in RULES if matches(rule)), {"name": "default-deny", "action": "deny"})
    return (200, None, rule["name"]) if rule["action"] == "allow" else (403, "HSSGW.4031", rule["name"])


def configured(document):
    document["projects"] = [{"name": name, "id": id_, "region": REGION, "credential": "keys"} for name, id_ in PROJECTS.items()]
    document["callers"] = [
        {"name": name, "authenticate": {"cidr": [f"{ADDRESSES[name]}/32"]}, "projects": projects} for name, projects in CALLERS.items()]
    document["policy"] = RULES
    document["listeners"][0]["anonymous"] = False
    document["upstream"] = {"flow_control": "off", "coalesce": "off"}


@pytest.mark.parametrize("caller", ADDRESSES)
def test_every_caller_may_what_the_rules_say_and_nothing_else_reaches_hss(caller, start, upstream):
    gateway = start(upstream.url, configured)
    for operation, project in itertools.product(OPERATIONS, PROJECTS):
        name, kind, method, path, body = operation
        status, code, rule = expected(caller, operation, project)
        # By its name and by its id: the answer is the same.
        for reference in (project, PROJECTS[project]):
            label = f"{caller} {name} {reference}"
            before = len(upstream.requests)
            fields = [("Content-Type", "application/json")] if body else []
            with wire.Connection(gateway.data, source=ADDRESSES[caller]) as connection:
                connection.send(wire.request(method, f"/v5/{reference}/{path}", fields, body))
                answer = connection.response()
            assert (answer.status, answer.error_code) == (status, code), (label, answer.body)
            assert len(upstream.requests) - before == (status == 200), label
            if status == 200:
                assert upstream.requests[-1].target.startswith(f"/v5/{PROJECTS[project]}/"), label
            record = gateway.journal.closing(answer.value("Audit-Id"))
            assert record.get("operation") == name and record.get("rule") == rule, (label, record)
            assert record["caller"].get("name") == (caller if caller in CALLERS else None), label
    gateway.stop()
    gateway.journal.check_form()


@pytest.mark.parametrize("caller", CALLERS)
def test_explain_comes_to_the_same_decisions(caller, start, upstream):
    gateway = start(upstream.url, configured)
    for operation, project in zip(OPERATIONS, itertools.cycle(PROJECTS)):
        name, _, method, path, _ = operation
        status, code, rule = expected(caller, operation, project)
        done = run(
            gateway.directory, "explain", method, f"/v5/{project}/{path}", "--caller", caller, "--json", "--config",
            str(gateway.directory / "gateway.yaml"))
        said = json.loads(done.stdout)
        assert (done.returncode, said["decision"]) == ((0, "allow") if status == 200 else (8, "deny")), (name, project, said)
        assert (said.get("error_code"), said.get("rule")) == (code, rule), (name, project, said)
    assert upstream.requests == []
