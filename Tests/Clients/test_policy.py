"""Rights and limits: two callers on two loopback addresses before the sandbox."""

import http.client
import json
import os
import subprocess

import pytest
from harness.commands import run
from harness.process import PROJECT, clean_environment, configuration

TEAM, AUDITORS = "127.0.0.2", "127.0.0.3"
EXPORT = "/v5/_/image/baseline/export"


def call(gateway, source, method, path, body=None, **headers):
    """One request from a caller's address: status, fields and the answer's JSON, or its bytes."""
    host, port = gateway.addresses["data"].rsplit(":", 1)
    connection = http.client.HTTPConnection(host, int(port), timeout=20, source_address=(source, 0))
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    if body is not None:
        fields["Content-Type"] = "application/json"
    connection.request(method, path, None if body is None else json.dumps(body), fields)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    try:
        return answer.status, answer.headers, json.loads(content)
    except ValueError:
        return answer.status, answer.headers, content


def callers(document, **team):
    document["upstream"]["coalesce"] = "off"  # each poll is to see how far the task is
    document["callers"] = [
        {"name": "team", "authenticate": {"cidr": [f"{TEAM}/32"]}, "projects": ["prod"], **team},
        {"name": "auditors", "authenticate": {"cidr": [f"{AUDITORS}/32"]}, "projects": ["prod"]},
    ]


def finished_export(gateway, source, **headers):
    """Creates a task and polls it until its file is there."""
    status, _, created = call(gateway, source, "POST", EXPORT, {}, **headers)
    assert status == 200, created
    task = created["task_id"]
    for _ in range(200):
        status, _, poll = call(gateway, source, "GET", f"/v5/_/export-task/{task}", **headers)
        assert status == 200, poll
        if poll["task_status"] == "success":
            return task, poll["file_id"]
    raise AssertionError("the task did not end")


def test_a_task_belongs_to_its_creator_also_after_a_restart(start, sandbox, tmp_path):
    gateway = start(sandbox.url, callers)
    task, file = finished_export(gateway, TEAM)
    paths = [f"/v5/_/export-task/{task}", f"/v5/_/event/export-task/{task}", f"/v5/_/download/{file}",
             f"/v5/_/download/%{ord(file[0]):02x}{file[1:]}", f"/v5/_/export-task?task_id={task}", "/v5/_/export-task?export_task_type=vul",
             # A server that looks into the query first would answer about the second one.
             f"/v5/_/export-task/another?task_id={task}", f"/v5/_/event/export-task/another?taskId={task.upper()}",
             f"/v5/_/download/another?file_id={file}", f"/v5/_/download/another?FILE-ID={file}"]

    def check(gateway):
        for path in paths:
            status, _, refusal = call(gateway, AUDITORS, "GET", path)
            assert (status, refusal["error_code"], refusal["rule"]) == (403, "HSSGW.4031", "everything"), path
        status, _, content = call(gateway, TEAM, "GET", f"/v5/_/download/{file}")
        assert status == 200 and content[:2] == b"PK"

    check(gateway)
    gateway.stop()
    snapshot = tmp_path / "gateway" / "audit" / "memory"
    assert snapshot.exists()
    gateway = start(sandbox.url, callers)
    check(gateway)
    gateway.stop()
    # Without a snapshot only the journal has the information.
    snapshot.unlink()

    def with_auditors(document):
        callers(document)
        document["policy"].insert(0, {"name": "oversight", "callers": ["auditors"], "kinds": ["read", "download"], "tasks": "any", "action": "allow"})

    gateway = start(sandbox.url, with_auditors)
    assert call(gateway, TEAM, "GET", f"/v5/_/download/{file}")[0] == 200
    assert call(gateway, AUDITORS, "GET", f"/v5/_/download/{file}")[0] == 200


def test_a_caller_keeps_to_its_enterprise_projects(start, upstream):
    gateway = start(upstream.url, lambda document: callers(document, enterprise_projects={"default": "7", "allowed": ["7", "8"]}))
    read = "/v5/_/host-management/hosts"
    for query, status, code in [
        ("", 200, None), ("?enterprise_project_id=8", 200, None), ("?enterprise_project_id=0", 403, "HSSGW.4032"),
        ("?enterprise_project_id=all_granted_eps", 403, "HSSGW.4032"), ("?enterprise_project_id=7&enterprise_project_id=8", 400, "HSSGW.4003"),
    ]:
        answer = call(gateway, TEAM, "GET", read + query)
        assert (answer[0], answer[2].get("error_code")) == (status, code), query
    assert call(gateway, TEAM, "POST", EXPORT + "?enterprise_project_id=7", {"a": {"enterprise_project_id": "8"}})[2]["error_code"] == "HSSGW.4003"
    assert call(gateway, TEAM, "POST", EXPORT, {"a": {"enterprise_project_id": "0"}})[2]["error_code"] == "HSSGW.4032"
    # A caller without a list: each one by its id, several at once only if listed.
    assert call(gateway, AUDITORS, "GET", read + "?enterprise_project_id=0")[0] == 200
    assert call(gateway, AUDITORS, "GET", read + "?enterprise_project_id=all_granted_eps")[2]["error_code"] == "HSSGW.4032"


def test_reasons_are_asked_for_and_kept(start, sandbox):
    gateway = start(sandbox.url, lambda document: callers(document, require_reason=["export"]))
    for reason in [None, "", "  ", "--"]:
        headers = {} if reason is None else {"X_Audit_Reason": reason}
        assert call(gateway, TEAM, "POST", EXPORT, {}, **headers)[2]["error_code"] == "HSSGW.4004", reason
    assert call(gateway, TEAM, "POST", EXPORT, {}, X_Audit_Reason="INC-7")[0] == 200
    assert call(gateway, AUDITORS, "POST", EXPORT, {})[0] == 200


def test_limits_hold_and_say_when_to_come_back(start, sandbox):
    gateway = start(sandbox.url, lambda document: callers(document, limits={"requests_per_second": 1, "burst": 3}))
    # So many that a machine would have to take most of a minute for them before each gets a token.
    answers = [call(gateway, TEAM, "GET", "/v5/_/host-management/hosts") for _ in range(50)]
    refused = [answer for answer in answers if answer[0] == 429]
    assert refused and answers[0][0] == 200
    assert all(answer[2]["error_code"] == "HSSGW.4290" and answer[1]["Retry-After"] == "1" for answer in refused)
    assert call(gateway, AUDITORS, "GET", "/v5/_/host-management/hosts")[0] == 200


def test_exports_of_a_day_are_counted_once_and_survive_a_restart(start, sandbox):
    def change(document):
        callers(document, limits={"exports_per_day": 2}, require_reason=["export"])

    gateway = start(sandbox.url, change)
    assert call(gateway, TEAM, "POST", EXPORT, {})[0] == 400, "without a reason: refused, not counted"
    assert call(gateway, TEAM, "POST", EXPORT, {}, X_Audit_Reason="a1")[0] == 200
    gateway.kill()
    gateway = start(sandbox.url, change)
    assert call(gateway, TEAM, "POST", EXPORT, {}, X_Audit_Reason="a2")[0] == 200
    gateway.stop()
    gateway = start(sandbox.url, change)
    status, fields, refusal = call(gateway, TEAM, "POST", EXPORT, {}, X_Audit_Reason="a3")
    assert (status, refusal["error_code"]) == (429, "HSSGW.4291")
    assert 1 <= int(fields["Retry-After"]) <= 86_400
    assert call(gateway, AUDITORS, "POST", EXPORT, {})[0] == 200


@pytest.mark.parametrize(
    "arguments, code, says",
    [
        (["GET", "/v5/_/host-management/hosts", "--caller", "team"], 0, {"decision": "allow", "operation": "ListHostStatus", "kind": "read",
         "rule": "everything", "credential": "keys", "injected": "enterprise_project_id=0"}),
        (["GET", "/v5/nowhere/host-management/hosts", "--caller", "team"], 8, {"decision": "deny", "error_code": "HSSGW.4033"}),
        (["GET", "/v5/_/host-management/hosts?enterprise_project_id=all_granted_eps", "--caller", "team"], 8,
         {"decision": "deny", "error_code": "HSSGW.4032"}),
        (["GET", "/v5/_/nothing", "--caller", "team"], 8, {"error_code": "HSSGW.4030"}),
        (["GET", "/v5/_/host-management/hosts", "--caller", "who"], 8, {"error_code": "HSSGW.4010"}),
    ],
)
def test_explain_decides_as_the_gateway_does(tmp_path, arguments, code, says):
    document = configuration(tmp_path, "http://127.0.0.1:9")
    callers(document)
    (tmp_path / "gateway.yaml").write_text(json.dumps(document))
    done = subprocess.run(
        [os.environ["HSSGW_BINARY"], "explain", *arguments, "--json", "--config", "gateway.yaml"], cwd=tmp_path, capture_output=True, text=True,
        timeout=30, env=clean_environment(tmp_path))
    assert done.returncode == code, done.stderr
    answer = json.loads(done.stdout)
    assert {name: answer.get(name) for name in says} == says
    if code == 0:
        assert PROJECT in answer["canonical_request"] and "enterprise_project_id=0" in answer["canonical_request"]
        assert answer["authorization"].endswith("…")


def test_explain_refuses_a_method_in_small_letters_as_the_gateway_does(start, upstream):
    gateway = start(upstream.url)
    target = f"/v5/{PROJECT}/image/baseline/risk-configs"
    sent = gateway.call("get", target)
    explained = run(gateway.directory, "explain", "get", target, "--caller", "team", "--config", "gateway.yaml", "--json")
    assert explained.returncode == 8, explained.stdout
    answer = json.loads(explained.stdout)
    assert (sent.status, sent.error_code, answer["decision"], answer["error_code"]) == (400, "HSSGW.4000", "deny", "HSSGW.4000")
    assert "case-sensitive" in sent.json["hint"] and answer["hint"] == sent.json["hint"]
