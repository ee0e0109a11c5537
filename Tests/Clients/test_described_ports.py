"""Both ports with requests that Schemathesis generates from their descriptions: valid and invalid ones of every kind, always the same.

Few examples of each operation by default; `HSSGW_TEST_LONG=1` also uses every value at its bounds and every operation of HSS.
"""

import os
import re

import pytest

from harness import described, wire
from harness.process import Gateway

LONG = bool(os.environ.get("HSSGW_TEST_LONG"))
PHASES, EXAMPLES = ("examples,coverage,fuzzing", 20) if LONG else ("fuzzing", 2)
#: Checks of an answer by the document: no undocumented status, type, field or format.
CONFORMANCE = ["status_code_conformance", "content_type_conformance", "response_headers_conformance", "response_schema_conformance"]
DATA = described.operations("openapi.yaml")
#: One of every 24 operations, and the life of an export.
CHOSEN = DATA if LONG else sorted({*DATA[::24], "BatchExportBaselineTask", "ListAccounts", "ShowExportTask", "DownloadExportFile"} & set(DATA))


def count(told: str) -> int:
    return int(re.search(r"(\d+) generated", told)[1])


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    gateway = Gateway.start(
        tmp_path_factory.mktemp("described"), ["--sandbox"], {"HSSGW_UPSTREAM_FLOW_CONTROL": "off", "HSSGW_UPSTREAM_COALESCE": "off"})
    yield gateway
    gateway.stop()
    gateway.journal.check_form()


def test_the_admin_port_answers_what_its_description_says_and_refuses_what_it_rules_out(own, tmp_path):
    checks = [*CONFORMANCE, "negative_data_rejection", "unsupported_method", "allow_header_conformance"]
    told = described.run(tmp_path, "docs/admin-openapi.yaml", own.admin, checks, PHASES, EXAMPLES, [])
    assert count(told) >= len(described.operations("docs/admin-openapi.yaml"))
    assert wire.call(own.admin, "GET", "/livez").status == 200


def test_the_data_port_answers_what_its_description_says_or_refuses_in_its_own_words(own, tmp_path):
    """Values are HSS's to judge: they are passed on, or refused with a documented code, and never cause an internal fault."""
    checks = ["not_a_server_error", *CONFORMANCE, "refusals_are_ours_and_documented"]
    # `_` is the caller's first project: any other name would be refused before anything else is checked.
    settings = '[parameters]\n"path.project_id" = "_"\n'
    told = described.run(tmp_path, "openapi.yaml", own.data, checks, PHASES, EXAMPLES, CHOSEN, settings)
    assert count(told) >= len(CHOSEN)
    assert own.call("GET", "/v5/_/host-management/hosts").status == 200


@pytest.mark.parametrize("target", [
    "/audit/proof/0?size=-1", "/audit/proof/0?size=", "/audit/proof/0?size=1&size=2", "/audit/proof/0?sise=1", "/audit/proof/+0", "/audit/proof/-0",
    "/audit/consistency/0?size=x", "/audit/consistency/0?size=99999999999999999999", "/audit/records?caller=a&caller=b", "/audit/exports?task=a&task=b",
    "/audit/usage?since=1h&since=2h", "/audit/exports/x/bundle?format=html&format=json", "/audit/exports/x/bundle?source=moon", "/audit/records/x?limit=1&limit=2"])
def test_a_question_that_is_none_is_refused_and_not_answered_as_another_one(own, target):
    answer = wire.call(own.admin, "GET", target)
    assert answer.status == 400 and (answer.json.get("error") or answer.json["detail"]), answer.body


@pytest.mark.parametrize("path", ["/audit/verifications", "/explain"])
@pytest.mark.parametrize("body", [b"[null,null]", b"5", b"{", b"", b'{"instance":5,"path":["/"],"method":"GET"}', b'{"resume":null,"path":null,"method":"GET"}', b"\xff"])
def test_a_body_that_is_no_object_of_texts_starts_nothing(own, path, body):
    before = wire.call(own.admin, "GET", "/audit/verifications").json
    answer = wire.call(own.admin, "POST", path, [("Content-Type", "application/json")], body)
    assert answer.status == 400 and answer.json["error"]
    assert wire.call(own.admin, "GET", "/audit/verifications").json == before


def test_a_long_path_is_explained_like_any_other(own):
    path = "/v5/_/vulnerability/vulnerabilities?vul_name=" + "x" * 3_000
    assert wire.call_json(own.admin, "POST", "/explain", {"method": "GET", "path": path}).json["operation"] == "ListVulnerabilities"


def test_where_nothing_is_the_port_says_so_and_names_the_methods_that_there_are(own):
    for target in ("/nothing", "/audit", "/audit/records/a/b", "/console", "/-/nothing"):
        answer = wire.call(own.admin, "GET", target)
        assert answer.status == 404 and answer.json["error"], target
    for method, target, allowed in (
        ("POST", "/audit/records", "GET, HEAD"), ("DELETE", "/livez", "GET, HEAD"), ("GET", "/-/reload", "POST"), ("HEAD", "/-/reload", "POST"),
        ("PUT", "/audit/verifications", "GET, HEAD, POST"), ("OPTIONS", "/audit/verifications/v-1", "DELETE, GET, HEAD"), ("TRACE", "/", "GET, HEAD")):
        answer = wire.call(own.admin, method, target)
        assert (answer.status, answer.value("Allow")) == (405, allowed), target
        assert method == "HEAD" or answer.json["error"], target


def test_a_head_is_answered_like_a_get_without_the_body(own):
    with wire.Connection(own.admin) as connection:
        for target, status in (("/livez", 200), ("/readyz", 200), ("/audit/records?limit=1", 200), ("/", 200), ("/nothing", 404)):
            connection.send(wire.request("HEAD", target))
            head = connection.response(to_head=True)
            connection.send(wire.request("GET", target))
            whole = connection.response()
            assert head.status == whole.status == status and head.value("Content-Type") == whole.value("Content-Type"), target
            assert int(head.value("Content-Length")) > 0 and connection.buffer == b"", target
