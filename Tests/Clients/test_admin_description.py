"""Compares `docs/admin-openapi.yaml` with the running admin port: the answers are as described."""

import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml
from openapi_spec_validator import validate

from harness import wire
from harness.process import Gateway

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = yaml.safe_load((ROOT / "docs" / "admin-openapi.yaml").read_text())


def resolved(node):
    while "$ref" in node:
        target = DOCUMENT
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        node = target
    return node


OPERATIONS = [(method, path, operation) for path, methods in DOCUMENT["paths"].items() for method, operation in methods.items()]


@pytest.fixture(scope="module")
def gateway(tmp_path_factory):
    gateway = Gateway.start(tmp_path_factory.mktemp("admin"), ["--sandbox"])
    answer = gateway.call("POST", "/v5/_/image/baseline/export", [("Content-Type", "application/json")], b"{}")
    gateway.examples = {"id": answer.value("Audit-Id"), "task_id": answer.json["task_id"], "seq": "0", "size": "1", "file": "ui.js"}
    yield gateway
    gateway.stop()


def check(method: str, path: str, operation: dict, answer: wire.Response):
    assert str(answer.status) in operation["responses"], f"{method} {path} answered {answer.status}"
    content = resolved(operation["responses"][str(answer.status)]).get("content")
    if content is None:
        assert answer.body == b""
        return
    kind = answer.value("Content-Type").split(";")[0]
    assert kind in content, f"{path}: {kind}"
    schema = content[kind]["schema"]
    if kind.endswith("json") and not resolved(schema).get("type") == "string":
        jsonschema.Draft202012Validator(schema | {"components": DOCUMENT["components"]}).validate(json.loads(answer.body))


def test_the_description_is_openapi():
    validate(DOCUMENT)


@pytest.mark.parametrize("method,path,operation", OPERATIONS, ids=[f"{method} {path}" for method, path, _ in OPERATIONS])
def test_an_answer_is_what_the_description_says(gateway, method, path, operation):
    target = re.sub(r"\{(\w+)\}", lambda match: gateway.examples[match[1]], path)
    answer = wire.call(gateway.admin, method.upper(), target, timeout=60)
    check(method, path, operation, answer)
    if path.startswith("/audit"):
        stranger = wire.call(gateway.admin, method.upper(), target, [("Host", "attacker.example")])
        assert stranger.status == 421
        check(method, path, operation, stranger)


@pytest.mark.parametrize("target", ["/audit/records?colour=red", "/audit/records?source=moon", "/audit/records?source=fleet", "/audit/records/nobody",
                                    "/audit/exports/nobody", "/audit/proof/x", "/audit/proof/99999", "/audit/consistency/x", "/audit/consistency/99999",
                                    "/audit/records?format=ocsf", "/audit/records?format=csv", "/audit/records?format=table", "/readyz?verbose"])
def test_so_is_a_refusal_and_another_form(gateway, target):
    path = target.split("?")[0]
    method, path, operation = next(
        (method, known, operation) for method, known, operation in OPERATIONS if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", known), path))
    check(method, path, operation, wire.call(gateway.admin, "GET", target))


def test_every_parameter_of_a_question_is_taken(gateway):
    examples = {"kind": "read", "outcome": "success", "phase": "response", "since": "1h", "until": "2027-01-01", "order": "oldest", "limit": "1", "source": "journal",
                "format": "ndjson", "state": "pending", "cross_team": "1"}
    for _, path, operation in OPERATIONS:
        if path not in ("/audit/records", "/audit/exports"):
            continue
        for parameter in map(resolved, operation["parameters"]):
            if parameter["name"] != "cursor":
                answer = wire.call(gateway.admin, "GET", f"{path}?{parameter['name']}={examples.get(parameter['name'], 'x')}")
                assert answer.status == 200, (path, parameter["name"], answer.body)


def test_a_port_with_a_token_answers_401_as_described(upstream, start, tmp_path):
    from harness.process import write_secret

    token = write_secret(tmp_path / "token", "the-admin-token")
    gateway = start(upstream.url, lambda document: document["admin"].update(token_file=token))
    for method, path, operation in OPERATIONS:
        answer = wire.call(gateway.admin, method.upper(), re.sub(r"\{\w+\}", "1", path))
        open_to_all = operation.get("security") == [{}]
        assert (answer.status == 401) != open_to_all, path
        if not open_to_all:
            check(method, path, operation, answer)


#: What asks for these may add parameters of its own: a probe, Prometheus, a browser.
OPEN = ("/livez", "/readyz", "/healthz", "/startupz", "/metrics", "/", "/console.css", "/console.js", "/console/{file}")
#: Not there while the gateway is alone.
SHARED = "/fleet/exports"
OTHERS = [(method, path, operation) for method, path, operation in OPERATIONS if path not in (*OPEN, SHARED)]


@pytest.mark.parametrize("method,path,operation", OTHERS, ids=[f"{method} {path}" for method, path, _ in OTHERS])
def test_a_parameter_that_a_call_does_not_take_is_refused_and_nothing_is_done(gateway, method, path, operation):
    """`/audit/verify?source=fleet` had been answered as `/audit/verify`: with a verdict about this gateway's journal alone."""
    target = re.sub(r"\{(\w+)\}", lambda match: gateway.examples[match[1]], path)
    taken = {resolved(parameter)["name"] for parameter in operation.get("parameters", []) if resolved(parameter)["in"] == "query"}
    surplus = {"colour": "red", "source": "journal", "instance": "another", "format": "csv", "caller": "nobody", "dry_run": "true"}
    generation = re.search(r"^hssgw_config_generation (\d+)", gateway.metrics(), re.M)[1]
    for name, value in surplus.items():
        if name not in taken:
            asked = f"{target}?{name}={value}"
            answer = wire.call_json(gateway.admin, "POST", asked, {}) if method == "post" else wire.call(gateway.admin, method.upper(), asked)
            assert answer.status == 400 and name in answer.body.decode(), (name, answer.status, answer.body[:200])
            check(method, path, operation, answer)
    assert re.search(r"^hssgw_config_generation (\d+)", gateway.metrics(), re.M)[1] == generation
